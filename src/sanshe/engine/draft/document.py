"""What a draft is: sixteen sections of blocks, and the rows of the proposal's tables.

Words inside blocks carry two marks: `[^12]` is a footnote to statement 12, and `【待填：…】` a
blank that the machine could not know. `text.py` turns blocks into text to edit, and back.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

#: First cells that mark a row of sums.
SUM_WORDS = ("合计", "小计", "总计")
_NONE = ("", "—")
#: A figure, or a word that stands where one is not known yet.
_FIGURE = re.compile(r"-?[\d,]+(\.\d+)?%?$|未计入$|未报价$|【待填】$")


@dataclass(frozen=True)
class Heading:
    """A sub-heading inside a section."""

    words: str


@dataclass(frozen=True)
class Paragraph:
    words: str


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table with its caption ("表4-1 …"), one heading row and rows of the same length."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def figures(self) -> frozenset[int]:
        """The columns that hold nothing but figures (and marks for none)."""
        return frozenset(
            i for i in range(1, len(self.head))
            if any(row[i] not in _NONE for row in self.rows)
            and all(row[i] in _NONE or _FIGURE.match(row[i]) for row in self.rows)
        )  # fmt: skip

    @property
    def sums(self) -> frozenset[int]:
        """The rows that are sums."""
        return frozenset(i for i, row in enumerate(self.rows) if row[0] in SUM_WORDS)


Block = Heading | Paragraph | Bullets | Table
#: More rows of short cells than this stand side by side.
_TALL = 6


def folded(table: Table) -> Table:
    """A tall, narrow table as two halves side by side; its sums stay at the foot."""
    rows, none = list(table.rows), ("",) * len(table.head)
    foot = [(*rows.pop(), *none)] if table.sums == {len(rows) - 1} else []
    if len(rows) <= _TALL:
        return table
    half = -(-len(rows) // 2)
    right = [*rows[half:], none][:half]
    pairs = [(*left, *other) for left, other in zip(rows[:half], right, strict=True)]
    return Table(table.caption, table.head * 2, (*pairs, *foot))


@dataclass(frozen=True)
class Section:
    """One of the sixteen. `needs` are the ids of the needs its words rest on."""

    number: int
    title: str
    blocks: tuple[Block, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cover:
    """What stands on the first page; "" and None are still open."""

    title: str
    community: str
    community_code: str = ""
    town: str = ""
    organization: str = ""
    lead: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    version: int = 1
    drafted_on: date | None = None

    @property
    def months(self) -> int | None:
        """Calendar months the period touches; None while a date is open."""
        if self.starts_on is None or self.ends_on is None:
            return None
        years = self.ends_on.year - self.starts_on.year
        return years * 12 + self.ends_on.month - self.starts_on.month + 1


@dataclass(frozen=True)
class Objective:
    """A SMART objective; `needs` are the ids of those it answers, `override` why there are none."""

    statement: str
    indicator: str
    unit: str
    target: int
    baseline: str = ""
    source: str = ""
    due_on: date | None = None
    needs: tuple[str, ...] = ()
    override: str = ""


@dataclass(frozen=True)
class Activity:
    """A row of the plan. month: the project month it starts in (1 = the first).

    objective: index into the draft's objectives, None for work that serves all of them.
    offer: id of the matched offer it uses, "" where there is none.
    """

    kind: str
    title: str
    sessions: int
    people: int
    month: int = 1
    objective: int | None = None
    owner: str = ""
    offer: str = ""

    @property
    def attendances(self) -> int:
        """人次: sessions × people a session."""
        return self.sessions * self.people


@dataclass(frozen=True)
class Output:
    """An output indicator (产出指标); the target is always a sum over the plan."""

    kind: str
    name: str
    unit: str
    target: int


@dataclass(frozen=True)
class BudgetLine:
    """A line of the budget. A price nobody has named is 0, and its line is not in the sum."""

    account: str
    item: str
    unit_price_fen: int = 0
    unit: str = ""
    quantity: Decimal = Decimal(0)
    basis: str = ""
    funder: str = ""

    @property
    def amount_fen(self) -> int:
        """Price × quantity, half a fen rounded up."""
        return product_fen(self.unit_price_fen, self.quantity)

    @property
    def priced(self) -> bool:
        return self.unit_price_fen > 0


@dataclass(frozen=True)
class TeamRow:
    """A person or an open post; name and certificate are "" where they are open."""

    part: str
    name: str = ""
    certificate: str = ""
    hours_week: int = 0


@dataclass(frozen=True)
class Risk:
    risk: str
    response: str


@dataclass(frozen=True)
class Note:
    """A footnote: the statement's words and where they come from (informant, method, day)."""

    id: str
    words: str
    source: str


@dataclass(frozen=True)
class NeedRow:
    """A need as the proposal's tables show it; `left`: why the proposal does not take it up."""

    id: str
    title: str
    field: str
    leaf: str
    band: str
    priority: float
    voices: int
    informants: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    answered_by: str = ""
    gap: str = ""
    left: str = ""


@dataclass(frozen=True)
class Draft:
    """A whole proposal. The web builds one from its tables to check and to export it.

    needs: those it takes up, as 表4-4 numbers them; others: those it leaves (表16-2).
    """

    cover: Cover
    sections: tuple[Section, ...]
    objectives: tuple[Objective, ...] = ()
    activities: tuple[Activity, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    risks: tuple[Risk, ...] = ()
    team: tuple[TeamRow, ...] = ()
    needs: tuple[NeedRow, ...] = ()
    others: tuple[NeedRow, ...] = ()
    notes: Mapping[str, Note] = field(default_factory=dict)

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The output indicators, summed from the plan."""
        return outputs_of(self.activities)

    @property
    def total_fen(self) -> int:
        """The sum of the budget lines; lines without a price add nothing."""
        return sum(line.amount_fen for line in self.budget)

    def section(self, number: int) -> Section:
        return next(section for section in self.sections if section.number == number)


def product_fen(unit_price_fen: int, quantity: Decimal) -> int:
    """Price × quantity in whole fen, half up."""
    return int((Decimal(unit_price_fen) * quantity).quantize(Decimal(1), ROUND_HALF_UP))


#: kind → (name of the count, its unit, name of the attendances or "" where they say nothing more).
_OUTPUTS: dict[str, tuple[str, str, str]] = {
    "casework": ("个案数", "个", ""),
    "group": ("小组节数", "节", "小组服务人次"),
    "activity": ("社区活动场次", "场", "社区活动人次"),
    "course": ("社区教育课次", "课次", "社区教育人次"),
    "visit": ("入户探访轮次", "轮", "入户探访人次"),
    "training": ("培训场次", "场", "培训人次"),
    "publicity": ("宣传场次", "场", "宣传覆盖人次"),
    "referral": ("资源链接与转介数", "次", "资源链接受益人次"),
}


def outputs_of(activities: tuple[Activity, ...]) -> tuple[Output, ...]:
    """Sessions and attendances by kind, in their order; kinds not planned are left out."""
    found = []
    for kind, (name, unit, attendances) in _OUTPUTS.items():
        rows = [row for row in activities if row.kind == kind]
        if not rows:
            continue
        found.append(Output(kind, name, unit, sum(row.sessions for row in rows)))
        if attendances:
            total = sum(row.attendances for row in rows)
            found.append(Output(kind, attendances, "人次", total))
    return tuple(found)
