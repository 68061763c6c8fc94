"""The moves of a proposal, and the version that is kept at each."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotNow, NotPermitted
from sanshe.core.events import announce
from sanshe.core.history import record
from sanshe.core.masking import LONGEST_NOTE, masked
from sanshe.core.models import HistoryLine
from sanshe.engine.draft import check
from sanshe.engine.flow import MoveNotAllowed
from sanshe.needs.models import Need
from sanshe.needs.services.actors import demand, scope_today
from sanshe.needs.services.moves import plan_needs
from sanshe.organizations.models import Membership, Role
from sanshe.projects.models import (
    PROPOSAL_FLOW,
    Proposal,
    ProposalMove,
    ProposalStatus,
    ProposalVersion,
    ReviewRules,
)
from sanshe.projects.rules import WITH_NOTE, fits_steps, may_move
from sanshe.projects.selectors import rules_for
from sanshe.projects.selectors.document import document_of
from sanshe.projects.selectors.versions import snapshot_of
from sanshe.projects.services.gate import locked

#: Moves at which the whole proposal is kept as a version.
KEPT = frozenset(
    {ProposalMove.SUBMIT, ProposalMove.RETURN, ProposalMove.APPROVE, ProposalMove.REJECT}
)


@transaction.atomic
def move_proposal(*, proposal: Proposal, verb: str, actor: User, note: str = "") -> Proposal:
    """Make one move of the proposal's flow.

    Raises:
        NotPermitted: this person may not make this move.
        NotNow: a colleague was quicker, a required step is still open, the publicity still runs.
        BadEntry: the move needs a reason, or the proposal has faults that must be mended first.
    """
    proposal = locked(proposal)
    demand(may_move(scope_today(actor), verb, proposal))
    try:
        target = PROPOSAL_FLOW.target(verb, proposal.status)
    except MoveNotAllowed as error:
        raise NotNow(_("方案状态已变化，请刷新后再试。")) from error
    rules = rules_for(proposal.community_id)
    note = masked(note.strip(), most=LONGEST_NOTE)
    _ask(proposal, verb, actor, note, rules)
    before, proposal.status = proposal.status, target
    if verb == ProposalMove.TO_PUBLICITY:
        proposal.public_from = timezone.localdate()
    if verb == ProposalMove.REVISE:
        proposal.number += 1
    proposal.save(update_fields=["status", "public_from", "number", "updated_at"])
    if verb in KEPT:
        ProposalVersion.objects.create(
            proposal=proposal, number=proposal.number, verb=verb, actor=actor,
            snapshot=snapshot_of(document_of(proposal, timezone.localdate())),
        )  # fmt: skip
    if verb == ProposalMove.APPROVE:
        answered = Need.objects.filter(links__objective__proposal=proposal, safety=False)
        plan_needs(needs=answered.distinct(), actor=actor, note=proposal.title)
    record(proposal, verb, actor=actor, note=note, changes={"status": [before, target]})
    announce(f"proposal.{verb}", proposal.pk)
    return proposal


def _ask(proposal: Proposal, verb: str, actor: User, note: str, rules: ReviewRules) -> None:
    """Everything that may still stand against the move."""
    if not fits_steps(verb, proposal.status, rules):
        raise NotNow(_("按本社区的审议步骤，现在还不能进行这一步。"))
    if verb in WITH_NOTE and not note:
        raise BadEntry(_("请写明理由，让对方知道要改什么。"))
    if verb in {ProposalMove.CHECK, ProposalMove.SUBMIT}:
        faults = [p for p in check(document_of(proposal, timezone.localdate())) if p.hard]
        if faults:
            raise BadEntry(
                _("还有 %(n)d 处必须先改：%(first)s")
                % {"n": len(faults), "first": faults[0].message}
            )
    if verb == ProposalMove.SUBMIT:
        _two_pairs_of_eyes(proposal, actor)
    if verb == ProposalMove.APPROVE and proposal.status == ProposalStatus.PUBLICITY:
        over = public_until(proposal, rules)
        if timezone.localdate() < over:
            raise NotNow(
                _("公示到 %(year)d年%(month)d月%(day)d日 才满，请届时再作决定。")
                % {"year": over.year, "month": over.month, "day": over.day}
            )


def public_until(proposal: Proposal, rules: ReviewRules) -> date:
    """The first day on which the publicity is over."""
    return (proposal.public_from or timezone.localdate()) + timedelta(days=rules.publicity_days)


def _two_pairs_of_eyes(proposal: Proposal, actor: User) -> None:
    """Who sent the proposal to the internal review does not hand it in, where another can."""
    sent = HistoryLine.objects.filter(
        subject="projects.proposal", subject_pk=str(proposal.pk), verb=ProposalMove.CHECK
    ).first()
    if sent is None or sent.actor_id != actor.pk:
        return
    others = Membership.objects.filter(
        organization=proposal.organization, role__in=(Role.AGENCY, Role.STATION),
        user__is_active=True,
    ).exclude(user=actor)  # fmt: skip
    if others.exists():
        raise NotPermitted(_("送审的人不能自己通过内审，请由另一位负责人提交社区。"))
