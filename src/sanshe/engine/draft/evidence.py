"""What a proposal may speak of: needs and statements without the safety ones, in their order."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sanshe.engine.draft.facts import (
    DraftGap,
    DraftMatch,
    DraftNeed,
    DraftOffer,
    DraftStatement,
    ProjectFacts,
    StudyFacts,
    TreeNames,
)
from sanshe.engine.draft.focus import focus_of, in_order, is_safety, left_because
from sanshe.engine.draft.rules import DraftRules
from sanshe.engine.draft.text import plain


@dataclass(frozen=True)
class Evidence:
    """Everything a section is written from. Needs are in the order in which they are served.

    chosen: ids of the needs the project answers; the others are counted and listed, no more.
    """

    study: StudyFacts
    project: ProjectFacts
    tree: TreeNames
    rules: DraftRules
    needs: tuple[DraftNeed, ...]
    statements: Mapping[str, DraftStatement]
    matches: Mapping[str, DraftMatch]
    gaps: Mapping[str, DraftGap]
    offers: Mapping[str, DraftOffer]
    chosen: frozenset[str]

    @cached_property
    def planned(self) -> tuple[DraftNeed, ...]:
        """The needs the project answers."""
        return tuple(need for need in self.needs if need.id in self.chosen)

    @cached_property
    def others(self) -> tuple[DraftNeed, ...]:
        """The needs that were heard and are left for something else."""
        return tuple(need for need in self.needs if need.id not in self.chosen)

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """Id of an answered need → its number in the proposal (表4-4)."""
        return {need.id: index for index, need in enumerate(self.planned, 1)}

    def left(self, need: DraftNeed) -> str:
        """Why a need is not answered; "" for those that are."""
        if need.id in self.chosen:
            return ""
        return left_because(need, self.matches, self.gaps, self.rules)

    @cached_property
    def fields(self) -> Mapping[str, tuple[DraftNeed, ...]]:
        """Field code → its needs; fields in the order of their best need."""
        return grouped(self.needs)

    def voices(self, need: DraftNeed) -> list[DraftStatement]:
        """The statements behind a need that may be spoken of."""
        return [self.statements[i] for i in need.statements if i in self.statements]

    def count(self, need: DraftNeed) -> int:
        """How many voices a need has."""
        return len(self.voices(need))

    def speakers(self, need: DraftNeed) -> list[str]:
        """The informant categories behind a need, most frequent first."""
        said = Counter(s.informant for s in self.voices(need) if s.informant)
        return [word for word, _ in sorted(said.items(), key=lambda item: (-item[1], item[0]))]

    def quotes(self, need: DraftNeed, most: int) -> list[str]:
        """Statements worth quoting: one of each informant category first, fuller ones first."""
        ranked = sorted(self.voices(need), key=lambda s: (-min(len(s.text), 60), s.id))
        first: dict[str, DraftStatement] = {}
        for statement in ranked:
            first.setdefault(statement.informant, statement)
        rest = [s for s in ranked if s not in first.values()]
        return [s.id for s in [*first.values(), *rest][:most]]

    def field_name(self, code: str) -> str:
        return plain(self.tree.fields.get(code, code))

    def leaf_name(self, code: str) -> str:
        return plain(self.tree.leaves.get(code, code))


def gather(
    study: StudyFacts,
    needs: Sequence[DraftNeed],
    matches: Sequence[DraftMatch],
    gaps: Sequence[DraftGap],
    offers: Sequence[DraftOffer],
    statements: Sequence[DraftStatement],
    tree: TreeNames,
    rules: DraftRules,
    project: ProjectFacts,
    focus: Collection[str] | None = None,
) -> Evidence:
    """Leave out what concerns safety, put the needs in order, and settle which are answered."""
    unsafe = [need for need in needs if is_safety(need)]
    hidden = {statement for need in unsafe for statement in need.statements}
    kept = in_order(need for need in needs if not is_safety(need))
    known = {need.id for need in kept}
    at_hand = {offer.id: offer for offer in offers}
    given = {m.need: m for m in matches if m.need in known and m.offer in at_hand}
    chosen = focus_of(kept, given, rules) if focus is None else focus
    return Evidence(
        study,
        project,
        tree,
        rules,
        tuple(kept),
        {s.id: s for s in statements if not s.safety and s.id not in hidden},
        given,
        {g.need: g for g in gaps if g.need in known},
        at_hand,
        frozenset(chosen) & known,
    )


def grouped(needs: Iterable[DraftNeed]) -> dict[str, tuple[DraftNeed, ...]]:
    """Needs by field, both in the order of the needs."""
    found: dict[str, list[DraftNeed]] = {}
    for need in needs:
        found.setdefault(need.leaf[:3], []).append(need)
    return {code: tuple(own) for code, own in found.items()}
