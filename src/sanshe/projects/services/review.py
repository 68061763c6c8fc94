"""Remarks on sections, and which optional steps the review of a place takes."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry
from sanshe.core.history import record
from sanshe.core.masking import masked
from sanshe.needs.services.actors import demand, scope_today
from sanshe.places.models import Division
from sanshe.projects.models import Proposal, ReviewRemark, ReviewRules, Section
from sanshe.projects.rules import IN_HOUSE, WRITERS, may_remark, may_set_rules, writes_for
from sanshe.projects.selectors.remarks import remarks_visible_to
from sanshe.projects.services.gate import locked


@transaction.atomic
def remark(*, proposal: Proposal, number: int, text: str, actor: User) -> ReviewRemark:
    """Say something about a section; before the proposal is handed in, among the agency alone.

    Raises:
        NotPermitted: the person does not review this proposal at this stage.
        BadEntry: nothing was said.
    """
    proposal = locked(proposal)
    demand(may_remark(scope_today(actor), proposal))
    text = masked(text.strip(), most=400)
    if not text:
        raise BadEntry(_("请写下意见。"))
    section = Section.objects.get(proposal=proposal, number=number)
    said = ReviewRemark.objects.create(
        section=section, text=text, author=actor, inhouse=proposal.status in IN_HOUSE
    )
    record(section, "remark", actor=actor, note=said.text)
    return said


@transaction.atomic
def resolve_remark(*, proposal: Proposal, pk: int, actor: User) -> ReviewRemark:
    """Mark a remark as dealt with; its author or the writers of the proposal may.

    Raises:
        NotPermitted: somebody else.
        BadEntry: there is no such remark, or none that the person knows of.
    """
    proposal, scope = locked(proposal), scope_today(actor)
    said = remarks_visible_to(scope, proposal).filter(pk=pk).first()
    if said is None:
        raise BadEntry(_("没有这条意见，请刷新页面。"))
    demand(said.author_id == actor.pk or writes_for(scope, proposal, *WRITERS))
    if said.resolved_at is None:
        said.resolved_by, said.resolved_at = actor, timezone.now()
        said.save()
        record(said.section, "resolve", actor=actor, note=said.text)
    return said


@transaction.atomic
def set_rules(
    *, division: Division, party_study: bool, residents_vote: bool, publicity: bool,
    publicity_days: int, actor: User,
) -> ReviewRules:  # fmt: skip
    """Say which optional steps the review of a place takes.

    Raises:
        NotPermitted: the place is not in the person's care.
    """
    demand(may_set_rules(scope_today(actor), division.code))
    wanted = {
        "party_study": party_study,
        "residents_vote": residents_vote,
        "publicity": publicity,
        "publicity_days": publicity_days,
    }
    rules, _created = ReviewRules.objects.update_or_create(division=division, defaults=wanted)
    record(rules, "edit", actor=actor, changes=wanted)
    return rules
