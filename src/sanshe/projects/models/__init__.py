from sanshe.projects.models.plan import (
    ActivityKind,
    BudgetAccount,
    BudgetLine,
    Objective,
    ObjectiveNeed,
    PlannedActivity,
    Risk,
    TeamMember,
)
from sanshe.projects.models.proposal import (
    PROPOSAL_FLOW,
    Proposal,
    ProposalMove,
    ProposalStatus,
    ProposalVersion,
    ReviewRemark,
    ReviewRules,
    Section,
)

__all__ = [
    "PROPOSAL_FLOW",
    "ActivityKind",
    "BudgetAccount",
    "BudgetLine",
    "Objective",
    "ObjectiveNeed",
    "PlannedActivity",
    "Proposal",
    "ProposalMove",
    "ProposalStatus",
    "ProposalVersion",
    "ReviewRemark",
    "ReviewRules",
    "Risk",
    "Section",
    "TeamMember",
]
