"""What people decide about a suggested match."""

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotNow
from sanshe.core.history import record
from sanshe.core.masking import masked
from sanshe.matching.models import Match, MatchStatus, Offer
from sanshe.matching.rules import may_decide, may_see_safety
from sanshe.needs.services.actors import demand, scope_today


class Decision(models.TextChoices):
    ACCEPT = "accept", gettext_lazy("采纳")
    REFUSE = "refuse", gettext_lazy("否决")
    RECONSIDER = "reconsider", gettext_lazy("重新考虑")
    PIN = "pin", gettext_lazy("固定")
    UNPIN = "unpin", gettext_lazy("取消固定")


@transaction.atomic
def decide_match(*, match: Match, decision: str, actor: User, note: str = "") -> Match:
    """Accept, refuse, reconsider, pin or unpin one match of the newest run.

    Raises:
        NotPermitted: the person does not decide for this study.
        NotNow: the run is no longer the newest, or the offer's last unit has just gone.
        BadEntry: a refusal without a reason, or no such decision.
    """
    if decision not in Decision.values:
        raise BadEntry(_("没有这种处理方式。"))
    # One fixed order of locks, the offer before the match, so that two people never wait in a ring.
    offer = Offer.objects.select_for_update().get(pk=match.offer_id)
    match = (
        Match.objects.select_for_update(of=("self",))
        .select_related("run__study", "need", "offer")
        .get(pk=match.pk)
    )
    note = masked(note.strip(), most=200)
    scope = scope_today(actor)
    demand(may_decide(scope, match.run.study))
    demand(not match.need.safety or may_see_safety(scope, match.run.study))
    if not match.run.current:
        raise NotNow(_("这不是最新一次匹配的结果，请到最新一次匹配中处理。"))
    before = {"status": match.status, "pinned": match.pinned}
    if decision == Decision.ACCEPT:
        _accept(match, offer)
    elif decision == Decision.REFUSE:
        if not note:
            raise BadEntry(_("请写明否决的理由，下次匹配会据此避开。"))
        match.status, match.pinned = MatchStatus.REFUSED, False
        match.refusal = note
    elif decision == Decision.RECONSIDER:
        match.status, match.refusal = MatchStatus.SUGGESTED, ""
    else:
        if match.status == MatchStatus.REFUSED:
            raise NotNow(_("这一匹配已被否决，请先选择“重新考虑”。"))
        match.pinned = decision == Decision.PIN
    match.decided_by = actor
    match.save(update_fields=["status", "pinned", "refusal", "decided_by", "updated_at"])
    after = {"status": match.status, "pinned": match.pinned}
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    record(match, decision, actor=actor, note=note, changes=changes)
    return match


def _accept(match: Match, offer: Offer) -> None:
    """Take one unit of the offer, if one is left."""
    if match.status == MatchStatus.ACCEPTED:
        return
    taken = Match.objects.filter(offer=offer, status=MatchStatus.ACCEPTED, run__current=True)
    if taken.count() >= offer.capacity:
        raise NotNow(
            _("“%(offer)s”的名额刚刚用完（共 %(capacity)d 个），请重新匹配或联系提供方增加名额。")
            % {"offer": offer.title, "capacity": offer.capacity}
        )
    match.status, match.refusal = MatchStatus.ACCEPTED, ""
