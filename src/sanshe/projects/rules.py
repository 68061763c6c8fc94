"""Who may do what with proposals. Pure predicates over a Scope."""

from sanshe.needs.models import Study
from sanshe.needs.rules import COLLECTORS
from sanshe.organizations.models import Role
from sanshe.organizations.scope import Scope
from sanshe.projects.models import Proposal, ProposalMove, ProposalStatus, ReviewRules

#: Roles that see the proposals of their own organisation from the first word on.
READERS = (Role.AGENCY, Role.SUPV, Role.SW, Role.STATION)
#: Roles that write them; the supervisor comments and sends back.
WRITERS = (Role.AGENCY, Role.SW, Role.STATION)
#: Roles that see the proposals of a place once they have left the agency.
PLACE_READERS = (Role.COMM, Role.TOWN, Role.CITY, Role.CIVIL, Role.STATION)
#: Roles that read what is public.
PUBLIC_READERS = (Role.CORG, Role.VOL, Role.DONOR, Role.RES)

IN_HOUSE = (ProposalStatus.DRAFT, ProposalStatus.INTERNAL)
PUBLIC = (ProposalStatus.PUBLICITY, ProposalStatus.APPROVED)
#: Where a proposal stands that was sent back or refused.
BACK = (ProposalStatus.DRAFT, ProposalStatus.RETURNED, ProposalStatus.REJECTED)
DECIDED = (ProposalStatus.APPROVED, ProposalStatus.REJECTED)
EDITABLE = (ProposalStatus.DRAFT,)
#: Where the writers may choose other needs; what was sent back becomes a draft again with it.
CHOOSABLE = (ProposalStatus.DRAFT, ProposalStatus.RETURNED)
IN_REVIEW = (
    ProposalStatus.SUBMITTED, ProposalStatus.REVIEW, ProposalStatus.PARTY, ProposalStatus.VOTE,
    ProposalStatus.PUBLICITY,
)  # fmt: skip

_MOVERS: dict[str, tuple[Role, ...]] = {
    ProposalMove.CHECK: WRITERS,
    ProposalMove.REWORK: (Role.AGENCY, Role.SUPV, Role.STATION),
    ProposalMove.SUBMIT: (Role.AGENCY, Role.STATION),
    ProposalMove.REVISE: WRITERS,
}
#: Moves inside the agency: that they were made, and why, is nobody else's business.
HOUSE_MOVES = frozenset({ProposalMove.CHECK, ProposalMove.REWORK})
#: Moves that must say why.
WITH_NOTE = frozenset({ProposalMove.REWORK, ProposalMove.RETURN, ProposalMove.REJECT})
#: Optional steps in their order: the move there, and the setting that asks for it.
STEPS = (
    (ProposalMove.TO_PARTY, ProposalStatus.PARTY, "party_study"),
    (ProposalMove.TO_VOTE, ProposalStatus.VOTE, "residents_vote"),
    (ProposalMove.TO_PUBLICITY, ProposalStatus.PUBLICITY, "publicity"),
)


def writes_for(scope: Scope, proposal: Proposal, *roles: Role) -> bool:
    return proposal.organization_id in scope.organization_pks(*(roles or WRITERS))


def of_the_house(scope: Scope, proposal: Proposal) -> bool:
    """Whether the person belongs to the agency: reads what it says among its own."""
    return writes_for(scope, proposal, *READERS)


def hosts(scope: Scope, proposal: Proposal) -> bool:
    """Whether the person sits on the committee of the proposal's community."""
    return scope.covers(proposal.community_id, Role.COMM)


def may_create(scope: Scope, study: Study) -> bool:
    return study.organization_id in scope.organization_pks(*COLLECTORS)


def may_edit(scope: Scope, proposal: Proposal) -> bool:
    return proposal.status in EDITABLE and writes_for(scope, proposal)


def may_choose(scope: Scope, proposal: Proposal) -> bool:
    """Whether the person may choose the needs that the proposal answers."""
    return proposal.status in CHOOSABLE and writes_for(scope, proposal)


def may_read_whole(scope: Scope, proposal: Proposal) -> bool:
    """Whether the person reads the proposal itself and not only its public summary."""
    if of_the_house(scope, proposal):
        return True
    return proposal.status not in IN_HOUSE and scope.covers(proposal.community_id, *PLACE_READERS)


def may_remark(scope: Scope, proposal: Proposal) -> bool:
    """Reviewers inside the agency before it is handed in, those of the community after."""
    if proposal.status in IN_HOUSE:
        return writes_for(scope, proposal, Role.AGENCY, Role.SUPV, Role.STATION)
    return proposal.status in IN_REVIEW and hosts(scope, proposal)


def may_move(scope: Scope, verb: str, proposal: Proposal) -> bool:
    """Whether the role allows the move; state and settings are asked elsewhere."""
    if verb in _MOVERS:
        return writes_for(scope, proposal, *_MOVERS[verb])
    return hosts(scope, proposal)


def step_due(status: str, rules: ReviewRules) -> str | None:
    """The next optional step that the settings ask for after `status`; None when all are done."""
    done = [state for _, state, _ in STEPS]
    start = done.index(ProposalStatus(status)) + 1 if status in done else 0
    return next((verb for verb, _, name in STEPS[start:] if getattr(rules, name)), None)


def fits_steps(verb: str, status: str, rules: ReviewRules) -> bool:
    """Whether the settings let this move be made now: steps in order, none skipped."""
    optional = [move for move, _, _ in STEPS]
    due = step_due(status, rules)
    if verb in optional:
        return verb == due
    return verb != ProposalMove.APPROVE or due is None


def may_set_rules(scope: Scope, code: str) -> bool:
    """Who sets the review steps of a place: its committee, its town, the civil-affairs office."""
    return scope.covers(code, Role.COMM, Role.TOWN, Role.CIVIL)
