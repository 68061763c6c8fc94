"""From statements to ranked needs, as the web does it, on plain rows.

What is said is masked first. Statements of one matter at one place become one need; a statement
about somebody's safety is a need of its own, never joined with others by the program.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sanshe.engine.candidates import NeedRow
from sanshe.engine.classify import NONE, Verdict
from sanshe.engine.merge import Scorer, merge
from sanshe.engine.rank import (
    BAND_ORDER,
    Priority,
    RankInput,
    bradshaw_kinds,
    priority,
    urgent_word,
)
from sanshe.engine.title import propose_title
from sanshe.office.statements import StatementRow
from sanshe.taxonomy.defaults import defaults_of
from sanshe.taxonomy.tree import Tree

STATEMENT_COLUMNS = (
    *("id", "sheet", "row", "text", "informant", "community_code", "date", "method"),
    *("label", "confidence", "safety", "need"),
)
NEED_COLUMNS = (
    *("id", "title", "leaf_code", "community_code", "statements", "informants"),
    *("priority", "band", "severity", "urgency", "reach", "evidence", "feasibility"),
    *("safety", "examples"),
)
COMPONENTS = ("severity", "urgency", "reach", "evidence", "feasibility")
_EXAMPLES = 3


@dataclass(frozen=True)
class Voice:
    """A statement (its text masked) with what the classifier says of it."""

    row: StatementRow
    verdict: Verdict

    @property
    def label(self) -> str | None:
        """The need type it is counted for.

        Where somebody may be in danger the likeliest type stands in for an open one: such words
        must not wait for a label.
        """
        if self.verdict.label not in (None, NONE):
            return self.verdict.label
        if not self.verdict.safety:
            return None
        return next((code for code, _ in self.verdict.alternatives if code != NONE), None)


@dataclass(frozen=True)
class PlannedNeed:
    """What several statements ask for, with its priority. `id` is its place in the ranking."""

    id: str
    title: str
    leaf: str
    community: str
    voices: tuple[Voice, ...]
    priority: Priority
    bradshaw: tuple[str, ...]
    safety: bool

    @property
    def informants(self) -> list[str]:
        return sorted({v.row.informant for v in self.voices if v.row.informant})

    def cells(self) -> tuple[object, ...]:
        """The line of needs.csv."""
        examples = [v.row.text.replace("|", " ") for v in self.voices[:_EXAMPLES]]
        components = (f"{self.priority.components[name]:.4f}" for name in COMPONENTS)
        return (
            *(self.id, self.title, self.leaf, self.community),
            *(len(self.voices), "|".join(self.informants)),
            *(f"{self.priority.score / 100:.4f}", self.priority.band, *components),
            *(int(self.safety), "|".join(examples)),
        )


def form_needs(voices: Sequence[Voice], tree: Tree, scorer: Scorer) -> list[PlannedNeed]:
    """The needs behind the statements, most urgent first; ids N1, N2 … follow that order."""
    spoken = [v for v in voices if v.label in tree.by_code]
    groups = [[v] for v in spoken if v.verdict.safety]
    plain = [v for v in spoken if not v.verdict.safety]
    numbers = merge(
        [v.row.text for v in plain],
        [v.row.community_code for v in plain],
        [v.verdict.belief for v in plain],
        scorer,
    )
    joined: dict[int, list[Voice]] = defaultdict(list)
    for number, voice in zip(numbers, plain, strict=True):
        joined[number].append(voice)
    needs = [_need(group, tree, len(voices)) for group in (*groups, *joined.values())]
    order = {band: index for index, band in enumerate(BAND_ORDER)}
    needs.sort(key=lambda n: (order[n.priority.band], -n.priority.score))
    return [replace(need, id=f"N{index}") for index, need in enumerate(needs, 1)]


def _need(group: Sequence[Voice], tree: Tree, all_voices: int) -> PlannedNeed:
    leaf = _leading(group)
    safety = any(v.verdict.safety for v in group)
    kinds = bradshaw_kinds(
        {v.row.informant for v in group if v.row.informant},
        {v.row.method for v in group if v.row.method},
    )
    name = tree.by_code[leaf].name_zh
    # The words of a person in danger do not become a heading.
    title = f"{name}（{group[0].row.id}）" if safety else propose_title([v.row.text for v in group])
    return PlannedNeed(
        id="",
        title=title or name,
        leaf=leaf,
        community=group[0].row.community_code,
        voices=tuple(group),
        priority=priority(
            RankInput(
                bradshaw=kinds,
                voices=len(group),
                all_voices=all_voices,
                safety=safety,
                assumed=defaults_of(leaf),
                urgent_word=urgent_word([v.row.text for v in group]),
            )
        ),
        bradshaw=kinds,
        safety=safety,
    )


def _leading(group: Sequence[Voice]) -> str:
    """The type most of the group's weight is on; ties go to the lower code."""
    weights: Counter[str] = Counter()
    for voice in group:
        weights[voice.label or ""] += voice.verdict.confidence  # type: ignore[assignment]
    return min(weights, key=lambda code: (-weights[code], code))


def need_rows(needs: Sequence[PlannedNeed]) -> list[NeedRow]:
    """The needs as the matching sees them: wanted from the day on which the last one was heard."""
    days = [v.row.date for need in needs for v in need.voices if v.row.date]
    since = max(days, default=None)
    return [
        NeedRow(
            id=need.id,
            leaves=(need.leaf,),
            community=need.community,
            people=len(need.voices),
            priority=need.priority.score / 100,
            band=need.priority.band,
            date_from=since,
        )
        for need in needs
    ]


def statement_rows(
    voices: Sequence[Voice], needs: Sequence[PlannedNeed]
) -> list[tuple[object, ...]]:
    """The lines of statements.csv."""
    need_of = {v.row.id: need.id for need in needs for v in need.voices}
    return [
        (
            *(v.row.id, v.row.sheet, v.row.row, v.row.text, v.row.informant),
            *(v.row.community_code, v.row.date, v.row.method),
            *(v.verdict.label or "", f"{v.verdict.confidence:.4f}", int(v.verdict.safety)),
            need_of.get(v.row.id, ""),
        )
        for v in voices
    ]
