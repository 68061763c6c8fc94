"""Proposals and their links for tests of the desk."""

from sanshe.needs.models import Need, Study
from sanshe.projects.models import Objective, ObjectiveNeed, Proposal, ProposalStatus


def make_proposal(
    study: Study,
    title: str = "点亮回家路",
    *,
    status: str = ProposalStatus.DRAFT,
    answering: tuple[Need, ...] = (),
) -> Proposal:
    """A proposal from a study, with one objective for the needs it answers."""
    proposal = Proposal.objects.create(
        study=study,
        community=study.community,
        organization=study.organization,
        title=title,
        status=status,
    )
    if answering:
        objective = Objective.objects.create(
            proposal=proposal,
            statement="三个月内修复全部损坏路灯",
            indicator="修复路灯",
            unit="盏",
            target=24,
        )
        for need in answering:
            ObjectiveNeed.objects.create(objective=objective, need=need)
    return proposal
