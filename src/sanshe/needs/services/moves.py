"""The flow of a need: verified, answered, referred, put off, told, closed."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotNow
from sanshe.core.events import announce
from sanshe.core.history import record
from sanshe.core.masking import LONGEST_NOTE, masked
from sanshe.engine.flow import MoveNotAllowed
from sanshe.needs.models import NEED_FLOW, Need, NeedMove, NeedStatus
from sanshe.needs.rules import NEED_MOVES_WITH_NOTE, may_move_need
from sanshe.needs.services.actors import demand, scope_today

_ASK = {
    NeedMove.REFER: gettext_lazy("请写明转介给谁、因为什么。"),
    NeedMove.ANSWER: gettext_lazy("请写明做了什么回应。"),
    NeedMove.DEFER: gettext_lazy("请写明暂缓的理由。"),
}
#: How a need gets to where a project can take it on.
_TO_PLAN = (NeedMove.CLASSIFY, NeedMove.VERIFY, NeedMove.PLAN)


@transaction.atomic
def move_need(*, need: Need, verb: str, actor: User, note: str = "") -> Need:
    """Make one move of the need's flow. Telling the residents takes the words they are told.

    Raises:
        NotPermitted: this person may not make this move.
        NotNow: the need is no longer where the move starts; a colleague was quicker.
        BadEntry: the move needs a reason, or residents were not told anything.
    """
    need = _locked(need)
    if verb in {NeedMove.MERGE, NeedMove.UNMERGE, NeedMove.PLAN}:
        raise NotNow(_("合并与立项请在各自的页面进行。"))
    demand(may_move_need(scope_today(actor), verb, need))
    note = masked(note.strip(), most=LONGEST_NOTE)
    target = _target(need, verb)
    if verb in NEED_MOVES_WITH_NOTE and not note:
        raise BadEntry(_ASK[NeedMove(verb)])
    if verb == NeedMove.TELL:
        if not note:
            raise BadEntry(_("请写下要反馈给居民的话；没有反馈，需求不能结束。"))
        need.answer = note
    if verb == NeedMove.CLOSE and not need.answer:
        raise BadEntry(_("还没有给居民的答复，不能关闭。请先“反馈居民”。"))
    return _move(need, verb, target, actor, note)


@transaction.atomic
def plan_needs(*, needs: Iterable[Need], actor: User, note: str) -> list[Need]:
    """The needs of an approved proposal become planned, verified on the way; those that did.

    The approval is the verification, so a need that was only classified passes through it. What
    has been answered, merged or closed meanwhile stays as it is.

    Raises:
        NotPermitted: the actor does not decide for the community of a need.
        BadEntry: a safety need is among them.
    """
    scope = scope_today(actor)
    moved = []
    for need in sorted(needs, key=lambda need: need.pk):
        need = _locked(need)
        if need.safety:
            raise BadEntry(
                _("“%(title)s”涉及人身安全，只能走个案，不能立项。") % {"title": need.title}
            )
        demand(may_move_need(scope, NeedMove.PLAN, need))
        if need.status not in {NeedStatus.NEW, NeedStatus.CLASSIFIED, NeedStatus.VERIFIED}:
            continue
        for verb in _TO_PLAN:
            if need.status in NEED_FLOW.moves[verb].sources:
                need = _move(need, verb, _target(need, verb), actor, note)
        moved.append(need)
    return moved


def _locked(need: Need) -> Need:
    return Need.objects.select_for_update(of=("self",)).select_related("study").get(pk=need.pk)


def _target(need: Need, verb: str) -> str:
    try:
        return NEED_FLOW.target(verb, need.status)
    except MoveNotAllowed as error:
        raise NotNow(
            _("需求现在是“%(status)s”，这一步已经不能进行；请刷新后再试。")
            % {"status": need.get_status_display()}
        ) from error


def _move(need: Need, verb: str, target: str, actor: User, note: str) -> Need:
    before, need.status = need.status, target
    need.save(update_fields=["status", "answer", "updated_at"])
    record(need, verb, actor=actor, note=note, changes={"status": [before, target]})
    announce(f"need.{verb}", need.pk)
    return need
