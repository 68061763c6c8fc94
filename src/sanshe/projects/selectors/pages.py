"""The proposal as its page shows it."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import get_language

from sanshe.engine.draft import (
    Block,
    Bullets,
    Draft,
    Heading,
    Note,
    Problem,
    Table,
    Withheld,
    blanks_in,
    check,
    runs,
    text_of,
)
from sanshe.engine.draft.live import shown_blocks
from sanshe.engine.draft.text import Run
from sanshe.organizations.scope import NOBODY, Scope
from sanshe.projects.models import Proposal, ReviewRemark
from sanshe.projects.rules import DECIDED
from sanshe.projects.selectors.document import document_of
from sanshe.projects.selectors.remarks import remarks_visible_to
from sanshe.projects.selectors.stale import Stale, prints_of, stale_in, unsupported_in
from sanshe.projects.selectors.withheld import shown_row, withheld_in

#: Figures of fewer people than this are not published (k ≥ 5).
FEWEST_PUBLISHED = 5
#: Characters of a cell from which a column is no longer short, and from which it is long.
_SHORT, _LONG = 5, 24
#: The table that stands in a section, by the name it has in addresses.
TABLE_OF = {7: "objectives", 8: "plan", 10: "team", 11: "budget", 12: "risks"}


@dataclass(frozen=True)
class ShownRun:
    """A stretch of a line: words, a blank to fill, or a footnote with its number and source."""

    words: str = ""
    blank: bool = False
    number: int = 0
    note: Note | None = None


Line = tuple[ShownRun, ...]


@dataclass(frozen=True)
class Cell:
    """A cell of a table; `breadth` is what its column holds: number, short, middle or long."""

    line: Line
    breadth: str


@dataclass(frozen=True)
class ShownBlock:
    """A block ready for the template; `kind` is heading, paragraph, bullets or table."""

    kind: str
    lines: tuple[Line, ...] = ()
    table: Table | None = None
    head: tuple[Cell, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True)
class ShownSection:
    """A section with everything that is said about it."""

    number: int
    title: str
    blocks: tuple[ShownBlock, ...]
    blanks: int
    stale: list[Stale]
    unsupported: list[str]
    problems: list[tuple[str, bool]]
    remarks: list[ReviewRemark]
    edited: bool
    notes: tuple[tuple[int, Note], ...] = ()
    table: str = ""
    row_pks: tuple[tuple[int, str], ...] = ()

    @property
    def hard(self) -> int:
        """How much must be mended before the proposal is handed in."""
        return sum(hard for _, hard in self.problems)

    @property
    def hints(self) -> int:
        """How much should be looked at."""
        return len(self.problems) - self.hard

    @property
    def open_remarks(self) -> list[ReviewRemark]:
        return [remark for remark in self.remarks if remark.resolved_at is None]

    @property
    def ready(self) -> bool:
        """Nothing in it waits for anybody."""
        waits = self.problems or self.blanks or self.stale or self.unsupported
        return not (waits or self.open_remarks)


@dataclass
class Page:
    """The whole page. hard: what keeps the proposal from being handed in."""

    sections: list[ShownSection]
    document: Draft
    blanks: int = 0
    hard: list[tuple[int, str]] = field(default_factory=list)

    def waiting(self, name: str) -> list[ShownSection]:
        """The sections that have something of this kind: blanks, stale, unsupported …"""
        return [section for section in self.sections if getattr(section, name)]

    @property
    def with_blanks(self) -> list[ShownSection]:
        return self.waiting("blanks")

    @property
    def with_stale(self) -> list[ShownSection]:
        return self.waiting("stale")

    @property
    def with_unsupported(self) -> list[ShownSection]:
        return self.waiting("unsupported")

    @property
    def with_remarks(self) -> list[ShownSection]:
        return self.waiting("open_remarks")


def page_of(proposal: Proposal, scope: Scope = NOBODY, withheld: Withheld | None = None) -> Page:
    """Everything on the page of a proposal for one reader, in a fixed number of queries."""
    if withheld is None:
        withheld = withheld_in(proposal.study_id)
    document = document_of(proposal, timezone.localdate(), withheld)
    problems = check(document)
    now = prints_of(proposal)
    remarks: dict[int, list[ReviewRemark]] = {}
    for remark in remarks_visible_to(scope, proposal):
        remarks.setdefault(remark.section_id, []).append(shown_row(remark, withheld))
    numbers: dict[str, int] = {}
    stored = {section.number: section for section in proposal.sections.select_related("edited_by")}
    rows = withheld.everywhere(_rows(proposal))
    page = Page([], document)
    for section in document.sections:
        row = stored[section.number]
        drawn = shown_blocks(document, section.number)
        blocks = tuple(_shown(block, document, numbers) for block in drawn)
        shown = ShownSection(
            number=section.number,
            title=section.title,
            blocks=blocks,
            notes=_notes_of(blocks),
            blanks=len(blanks_in(text_of(drawn))),
            # A decided proposal is drafted no more; its own approval changes the needs.
            stale=[] if proposal.status in DECIDED else withheld.everywhere(stale_in(row, now)),
            unsupported=unsupported_in(section.number, section.blocks),
            # The blanks are counted in the heading already.
            problems=[
                (_words(p), p.hard)
                for p in problems
                if p.section == section.number and p.code != "blanks"
            ],
            remarks=remarks.get(row.pk, []),
            edited=row.text != row.drafted,
            table=TABLE_OF.get(section.number, ""),
            row_pks=rows.get(section.number, ()),
        )
        page.sections.append(shown)
        page.blanks += shown.blanks
    page.hard = [(problem.section, _words(problem)) for problem in problems if problem.hard]
    return page


def _notes_of(blocks: tuple[ShownBlock, ...]) -> tuple[tuple[int, Note], ...]:
    """The footnotes that blocks refer to, by number."""
    lines = [line for block in blocks for line in block.lines]
    lines += [cell.line for block in blocks for row in block.rows for cell in row]
    found = {run.number: run.note for line in lines for run in line if run.note}
    return tuple(sorted(found.items()))


def _words(problem: Problem) -> str:
    english = (get_language() or "").startswith("en")
    return problem.message_en if english else problem.message


def _rows(proposal: Proposal) -> dict[int, tuple[tuple[int, str], ...]]:
    return {
        7: tuple((row.pk, str(row)) for row in proposal.objectives.all()),
        8: tuple((row.pk, str(row)) for row in proposal.activities.all()),
        10: tuple((row.pk, str(row)) for row in proposal.team.all()),
        11: tuple((row.pk, str(row)) for row in proposal.budget.all()),
        12: tuple((row.pk, str(row)) for row in proposal.risks.all()),
    }


def _shown(block: Block, document: Draft, numbers: dict[str, int]) -> ShownBlock:
    def line(words: str) -> Line:
        return tuple(_run(run, document, numbers) for run in runs(words))

    match block:
        case Heading(words):
            return ShownBlock("heading", (line(words),))
        case Bullets(items):
            return ShownBlock("bullets", tuple(line(item) for item in items))
        case Table():
            wide = _breadths(block)
            head, *rows = (
                tuple(Cell(line(words), breadth) for words, breadth in zip(row, wide, strict=True))
                for row in (block.head, *block.rows)
            )
            return ShownBlock("table", table=block, head=head, rows=tuple(rows))
        case _:
            return ShownBlock("paragraph", (line(block.words),))


def _breadths(table: Table) -> list[str]:
    """What each column holds, for the style sheet to give it room."""
    found = []
    for at, column in enumerate(zip(table.head, *table.rows, strict=True)):
        most = max(len(cell) for cell in column[1:]) if table.rows else 0
        kind = "long" if most > _LONG else "middle" if most > _SHORT else "short"
        found.append("number" if at in table.figures else kind)
    return found


def _run(run: Run, document: Draft, numbers: dict[str, int]) -> ShownRun:
    if not run.note:
        return ShownRun(run.words, run.blank)
    number = numbers.setdefault(run.note, len(numbers) + 1)
    return ShownRun(number=number, note=document.notes.get(run.note))


@dataclass(frozen=True)
class Summary:
    """What everybody may read of a published proposal: no words of residents, no small counts."""

    objectives: list[str]
    total_fen: int
    activities: list[str]
    needs: int
    voices: int | None


def public_summary(proposal: Proposal, withheld: Withheld | None = None) -> Summary:
    """The public part of a proposal."""
    document = document_of(proposal, timezone.localdate(), withheld)
    voices = sum(need.voices for need in document.needs)
    return Summary(
        objectives=[row.statement for row in document.objectives],
        total_fen=document.total_fen,
        activities=[f"{activity.title} × {activity.sessions}" for activity in document.activities],
        needs=len(document.needs),
        voices=voices if voices >= FEWEST_PUBLISHED else None,
    )
