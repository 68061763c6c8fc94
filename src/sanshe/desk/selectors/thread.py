"""The whole row of one need: from the oldest voice to the decision, as far as a person may see."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from sanshe.core.history import history_of
from sanshe.core.models import HistoryLine
from sanshe.core.verbs import HistoryEntry, entries_of
from sanshe.matching.models import Gap, Match
from sanshe.matching.selectors import matches_visible_to, runs_visible_to
from sanshe.needs.models import Informant, Need, Statement
from sanshe.needs.rules import is_close
from sanshe.needs.selectors import statements_visible_to, studies_visible_to
from sanshe.needs.selectors.needs import Part, informants_of, priority_parts, voices_of
from sanshe.organizations.scope import Scope
from sanshe.projects.models import (
    Objective,
    ObjectiveNeed,
    Proposal,
    ProposalStatus,
)
from sanshe.projects.selectors import proposals_visible_to
from sanshe.projects.selectors.history import moves_of
from sanshe.projects.selectors.withheld import shown_row, withheld_in

#: Public pages tell no number of people below this (k-anonymity).
FEWEST_COUNTED = 5
HISTORY_ROWS = 50


@dataclass(frozen=True)
class ProposalLine:
    """A proposal that answers the need, the objectives by which it does, and its decisions."""

    proposal: Proposal
    objectives: tuple[Objective, ...]
    moves: tuple[HistoryEntry, ...]

    @property
    def is_decided(self) -> bool:
        return self.proposal.status in (ProposalStatus.APPROVED, ProposalStatus.REJECTED)


@dataclass(frozen=True)
class Thread:
    """Everything the thread page shows of one need.

    `inside` says that the person may open the study; people who may not get the public part:
    no words of residents, no history, no small numbers.
    """

    need: Need
    inside: bool
    close: bool
    statements: tuple[Statement, ...]
    voices: int
    informants: tuple[tuple[str, int], ...]
    merged: tuple[Need, ...]
    parts: tuple[Part, ...]
    matches: tuple[Match, ...]
    gap: Gap | None
    proposals: tuple[ProposalLine, ...]
    history: tuple[HistoryLine, ...]

    @property
    def voices_may_be_told(self) -> bool:
        return self.inside or self.voices >= FEWEST_COUNTED

    @property
    def withheld(self) -> int:
        """Voices that count but are not shown to this person."""
        return self.voices - len(self.statements)

    @property
    def match(self) -> Match | None:
        """The match of the newest run."""
        return next((match for match in self.matches if match.run.current), None)

    @property
    def earlier_matches(self) -> tuple[Match, ...]:
        return tuple(match for match in self.matches if not match.run.current)

    @property
    def decided(self) -> tuple[ProposalLine, ...]:
        return tuple(line for line in self.proposals if line.is_decided)


def thread_of(need: Need, scope: Scope) -> Thread:
    """Read the row of one need. The number of queries does not grow with the row."""
    inside = studies_visible_to(scope).filter(pk=need.study_id).exists()
    close = is_close(scope, need.study)
    informants: Counter[str] = informants_of([need])[need.pk]
    labels = dict(Informant.choices)
    return Thread(
        need=need,
        inside=inside,
        close=close,
        statements=tuple(_said(need, scope)) if inside else (),
        voices=sum(informants.values()),
        informants=tuple((str(labels.get(code, code)), n) for code, n in informants.most_common())
        if inside
        else (),
        merged=tuple(need.merged_needs.select_related("need_type").order_by("pk"))
        if inside
        else (),
        parts=tuple(priority_parts(need)) if inside and not need.safety else (),
        matches=tuple(_matches(need, scope)) if inside else (),
        gap=_gap(need, scope) if inside else None,
        proposals=tuple(_proposals(need, scope)),
        history=tuple(history_of(need)[:HISTORY_ROWS]) if inside else (),
    )


def _said(need: Need, scope: Scope) -> QuerySet[Statement]:
    readable = statements_visible_to(scope).values("pk")
    return voices_of(need).filter(pk__in=readable).order_by("interview__held_on", "pk")


def _matches(need: Need, scope: Scope) -> QuerySet[Match]:
    return (
        matches_visible_to(scope)
        .filter(need=need)
        .select_related("run", "offer__organization", "next_best", "decided_by")
        .order_by("-run_id")
    )


def _gap(need: Need, scope: Scope) -> Gap | None:
    return (
        Gap.objects.filter(
            need=need, run__current=True, run__in=runs_visible_to(scope).values("pk")
        )
        .select_related("run", "nearest_offer__organization")
        .first()
    )


def _proposals(need: Need, scope: Scope) -> list[ProposalLine]:
    links = ObjectiveNeed.objects.filter(need=need).values("objective")
    answering = Prefetch("objectives", Objective.objects.filter(pk__in=links), to_attr="answering")
    proposals = list(
        proposals_visible_to(scope)
        .filter(objectives__in=links)
        .distinct()
        .prefetch_related(answering)
        .order_by("created_at", "pk")
    )
    withheld = withheld_in(need.study_id)
    moves = moves_of(scope, proposals, withheld)
    return [
        ProposalLine(
            proposal,
            tuple(shown_row(row, withheld) for row in getattr(proposal, "answering", ())),
            tuple(entries_of(moves.get(proposal.pk, ()))),
        )
        for proposal in proposals
    ]
