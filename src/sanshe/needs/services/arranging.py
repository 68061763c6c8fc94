"""What staff do with needs: merge, split, move voices. No voice is ever lost."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotNow
from sanshe.core.history import record
from sanshe.core.masking import masked
from sanshe.engine.flow import MoveNotAllowed
from sanshe.engine.normalize import clean
from sanshe.engine.title import propose_title
from sanshe.needs.models import NEED_FLOW, Need, NeedMove, NeedStatus, Statement
from sanshe.needs.selectors.needs import voices_of
from sanshe.needs.services.holding import demand_unlocked, hold_needs
from sanshe.needs.services.ranking import rank_needs
from sanshe.needs.services.saying import statements_note
from sanshe.needs.services.sweeping import withdraw_if_empty


@transaction.atomic
def merge_needs(*, main: Need, others: Collection[Need], actor: User) -> Need:
    """Join needs into one. Their voices stay readable under them and are counted in the main one.

    Needs merged into one of the others before follow it to the main one.

    Raises:
        NotPermitted: the person does not arrange the needs of this study.
        BadEntry: nothing to merge, needs of different studies, or safety with other needs.
        NotNow: one of them is locked, or no longer open.
    """
    pks = {need.pk for need in others} - {main.pk}
    if not pks:
        raise BadEntry(_("请至少再选一个需求来合并。"))
    study, needs = hold_needs(main, actor, {main.pk, *pks})
    kept = needs.pop(main.pk)
    if len(needs) != len(pks):
        raise BadEntry(_("只能合并同一个调研里的需求。"))
    if any(need.safety != kept.safety for need in needs.values()):
        raise BadEntry(
            _("人身安全需求不能与普通需求合并；如果并不涉及人身安全，请先在该需求上解除标记。")
        )
    if any(need.community_id != kept.community_id for need in needs.values()):
        raise BadEntry(_("不同社区的需求不能合并。"))
    demand_unlocked(kept, *needs.values())
    if kept.status not in NEED_FLOW.moves[NeedMove.MERGE].sources:
        raise NotNow(
            _("“%(title)s”现在是“%(status)s”，不能再并入其他需求。")
            % {"title": kept.title, "status": kept.get_status_display()}
        )
    for need in needs.values():
        before = need.status
        try:
            need.status = NEED_FLOW.target(NeedMove.MERGE, need.status)
        except MoveNotAllowed as error:
            raise NotNow(
                _("“%(title)s”现在是“%(status)s”，不能合并；请刷新后再试。")
                % {"title": need.title, "status": need.get_status_display()}
            ) from error
        for child in Need.objects.filter(merged_into=need):
            child.merged_into = kept
            child.save(update_fields=["merged_into", "updated_at"])
            record(child, "follow", actor=actor, changes={"merged_into": [need.title, kept.title]})
        need.merged_into = kept
        need.save(update_fields=["status", "merged_into", "updated_at"])
        record(need, NeedMove.MERGE, actor=actor,
               changes={"status": [before, need.status], "merged_into": kept.title})  # fmt: skip
    record(kept, "absorb", actor=actor, note=_("；").join(need.title for need in needs.values()))
    rank_needs(study, [kept])
    return kept


@transaction.atomic
def unmerge_need(*, need: Need, actor: User) -> Need:
    """Let a merged need stand for itself again, with its own voices.

    Raises:
        NotPermitted: the person does not arrange the needs of this study.
        NotNow: it is not merged (any more), or the main one is locked.
    """
    study, needs = hold_needs(need, actor, {need.pk, need.merged_into_id or need.pk})
    need = needs[need.pk]
    if need.merged_into_id is None or need.status != NeedStatus.MERGED:
        raise NotNow(_("这个需求现在没有并入其他需求，请刷新后查看。"))
    main = Need.objects.select_for_update(of=("self",)).get(pk=need.merged_into_id)
    demand_unlocked(main)
    need.status = NEED_FLOW.target(NeedMove.UNMERGE, need.status)
    need.merged_into = None
    need.save(update_fields=["status", "merged_into", "updated_at"])
    record(need, NeedMove.UNMERGE, actor=actor, changes={"merged_into": [main.title, ""]})
    record(main, "release", actor=actor, note=need.title)
    rank_needs(study, [need, main])
    return need


@transaction.atomic
def split_need(
    *, need: Need, statements: Collection[Statement], actor: User, title: str = ""
) -> Need:
    """Make a new need of some of the voices of one; without a title, one is proposed.

    Raises:
        NotPermitted: the person does not arrange the needs of this study.
        BadEntry: no voice, or every voice, was chosen, or one that does not speak for the need.
        NotNow: the need is locked or no longer open.
    """
    study, needs = hold_needs(need, actor, {need.pk})
    need = needs[need.pk]
    demand_unlocked(need)
    _still_open(need)
    chosen = _chosen(need, statements, leave_one=True)
    title = masked(clean(title), most=80)
    made = Need.objects.create(
        study=study,
        community_id=need.community_id,
        need_type_id=need.need_type_id,
        title=title or propose_title([voice.text for voice in chosen]) or need.title,
        renamed=bool(title),
        status=NeedStatus.NEW if need.status == NeedStatus.NEW else NeedStatus.CLASSIFIED,
        safety=need.safety,
        safety_since=need.safety_since,
        target_group=need.target_group,
        languages=need.languages,
    )
    _place(chosen, made)
    said = statements_note([voice.ordinal for voice in chosen])
    record(need, "split", actor=actor, note=f"{made.title}（{said}）")
    origin = _("从“%(title)s”拆出") % {"title": need.title}
    record(made, "create", actor=actor, note=f"{origin}（{said}）")
    rank_needs(study, [need, made])
    return made


@transaction.atomic
def move_voices(*, statements: Collection[Statement], target: Need, actor: User) -> Need:
    """Put statements where they belong; the machine will not move them again.

    They may come from the inbox or from other needs of the study; what this empties is withdrawn.

    Raises:
        NotPermitted: the person does not arrange the needs of this study.
        BadEntry: a statement of another study, one without a need, or safety with other needs.
        NotNow: the target, or a need they come from, is locked or no longer open.
    """
    study, needs = hold_needs(target, actor, {target.pk})
    target = needs[target.pk]
    demand_unlocked(target)
    _still_open(target)
    chosen = list(
        Statement.objects.select_for_update(of=("self",))
        .filter(pk__in=[s.pk for s in statements], interview__study=study, dismissed=False)
        .select_related("need")
    )
    if not chosen or len(chosen) != len({s.pk for s in statements}):
        raise BadEntry(_("请选择本调研中至少一条原话；“不含需求”的原话请先重新核对。"))
    if any(voice.safety != target.safety for voice in chosen):
        raise BadEntry(_("涉及人身安全的原话只能归入人身安全需求。"))
    sources = {voice.need_id: voice.need for voice in chosen if voice.need and
               voice.need_id != target.pk}  # fmt: skip
    demand_unlocked(*(source for source in sources.values() if source))
    leaving = {
        pk: statements_note([voice.ordinal for voice in chosen if voice.need_id == pk])
        for pk in sources
    }
    _place(chosen, target)
    said = statements_note([voice.ordinal for voice in chosen])
    record(target, "voice_in", actor=actor, note=said)
    for pk, source in sources.items():
        assert source is not None
        record(source, "voice_out", actor=actor, note=f"{leaving[pk]} → {target.title}")
        if not withdraw_if_empty(source, actor):
            rank_needs(study, [source])
    rank_needs(study, [target])
    return target


def _still_open(need: Need) -> None:
    if need.status not in NEED_FLOW.moves[NeedMove.MERGE].sources:
        raise NotNow(
            _("“%(title)s”现在是“%(status)s”，它的原话不能再改动。")
            % {"title": need.title, "status": need.get_status_display()}
        )


def _chosen(need: Need, statements: Collection[Statement], *, leave_one: bool) -> list[Statement]:
    pks = {statement.pk for statement in statements}
    voices = list(voices_of(need).select_for_update(of=("self",)))
    chosen = [voice for voice in voices if voice.pk in pks]
    if not chosen or len(chosen) != len(pks):
        raise BadEntry(_("请选择这个需求下的至少一条原话。"))
    if leave_one and len(chosen) == len(voices):
        raise BadEntry(_("请至少留下一条原话；如果全部不对，请直接改标题或类型。"))
    return chosen


def _place(statements: Collection[Statement], need: Need) -> None:
    now = timezone.now()
    Statement.objects.filter(pk__in=[voice.pk for voice in statements]).update(
        need=need, placed=True, updated_at=now
    )
