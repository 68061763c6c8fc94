"""What happened to a proposal, as far as a reader may know."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from sanshe.core.models import HistoryLine
from sanshe.engine.draft import Withheld
from sanshe.organizations.scope import Scope
from sanshe.projects.models import PROPOSAL_FLOW, Proposal
from sanshe.projects.rules import HOUSE_MOVES, of_the_house

#: What is told outside the agency: the moves from handing in on.
_OPEN_MOVES = sorted(set(PROPOSAL_FLOW.moves) - HOUSE_MOVES)


def lines_of(scope: Scope, proposal: Proposal, withheld: Withheld) -> list[HistoryLine]:
    """The newest lines of a proposal: all of them for its own agency, the open moves for others."""
    lines = _lines([proposal])
    if not of_the_house(scope, proposal):
        lines = lines.filter(verb__in=_OPEN_MOVES)
    return [_shown(line, withheld) for line in lines[:20]]


def moves_of(
    scope: Scope, proposals: Iterable[Proposal], withheld: Withheld
) -> dict[int, list[HistoryLine]]:
    """By proposal of one study: the moves a person may know of, oldest first. One query."""
    proposals = list(proposals)
    inside = [str(proposal.pk) for proposal in proposals if of_the_house(scope, proposal)]
    told = Q(verb__in=_OPEN_MOVES) | Q(verb__in=sorted(HOUSE_MOVES), subject_pk__in=inside)
    found: dict[int, list[HistoryLine]] = {}
    for line in _lines(proposals).filter(told).order_by("pk"):
        found.setdefault(int(line.subject_pk), []).append(_shown(line, withheld))
    return found


def _lines(proposals: Iterable[Proposal]) -> QuerySet[HistoryLine]:
    return HistoryLine.objects.filter(
        subject=Proposal._meta.label_lower, subject_pk__in=[str(p.pk) for p in proposals]
    ).select_related("actor")


def _shown(line: HistoryLine, withheld: Withheld) -> HistoryLine:
    """The line with its words as they may be read; a line of history is never saved again."""
    line.note = withheld.words(line.note)
    line.changes = withheld.everywhere(line.changes)
    return line
