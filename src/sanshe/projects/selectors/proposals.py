"""Proposals: who sees which, what waits for whom, and which review steps a place takes."""

from django.db.models import Q, QuerySet

from sanshe.needs.selectors.studies import inside
from sanshe.organizations.models import Role
from sanshe.organizations.scope import Scope
from sanshe.projects.models import (
    PROPOSAL_FLOW,
    Proposal,
    ProposalMove,
    ProposalStatus,
    ReviewRules,
)
from sanshe.projects.rules import (
    IN_HOUSE,
    IN_REVIEW,
    PLACE_READERS,
    PUBLIC,
    PUBLIC_READERS,
    READERS,
    fits_steps,
    may_move,
)


def proposals_visible_to(scope: Scope) -> QuerySet[Proposal]:
    """Proposals this person may open; the public roles get a summary of the public ones."""
    visible = Q(organization__in=scope.organization_pks(*READERS))
    visible |= inside("community_id", scope.prefixes(*PLACE_READERS)) & ~Q(status__in=IN_HOUSE)
    if scope.has(*PUBLIC_READERS):
        visible |= Q(status__in=PUBLIC)
    return Proposal.objects.filter(visible).select_related(
        "community__parent", "organization", "study", "lead"
    )


def waiting_for(scope: Scope) -> QuerySet[Proposal]:
    """Proposals where the next step is this person's."""
    waiting = inside("community_id", scope.prefixes(Role.COMM)) & Q(status__in=IN_REVIEW)
    waiting |= Q(
        organization__in=scope.organization_pks(Role.AGENCY, Role.STATION),
        status__in=(ProposalStatus.INTERNAL, ProposalStatus.RETURNED),
    )
    waiting |= Q(
        organization__in=scope.organization_pks(Role.SW),
        status__in=(ProposalStatus.DRAFT, ProposalStatus.RETURNED),
    )
    waiting |= Q(organization__in=scope.organization_pks(Role.SUPV), status=ProposalStatus.INTERNAL)
    return (
        Proposal.objects.filter(waiting)
        .select_related("community", "organization")
        .order_by("updated_at")
    )


def rules_for(code: str) -> ReviewRules:
    """The review steps of a community: its own settings, else its town's, else its county's."""
    around = [code, code[:9].ljust(12, "0"), code[:6].ljust(12, "0")]
    found = {rules.division_id: rules for rules in ReviewRules.objects.filter(division__in=around)}
    return next((found[place] for place in around if place in found), ReviewRules())


def moves_for(scope: Scope, proposal: Proposal) -> list[ProposalMove]:
    """The buttons this person finds on the proposal's page."""
    rules = rules_for(proposal.community_id)
    return [
        ProposalMove(verb)
        for verb in PROPOSAL_FLOW.open_moves(proposal.status)
        if may_move(scope, verb, proposal) and fits_steps(verb, proposal.status, rules)
    ]
