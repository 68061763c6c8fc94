"""One need: its voices, its priority and what staff do with it."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sanshe.core.errors import DomainError, NotPermitted
from sanshe.core.history import history_of
from sanshe.needs.forms.needs import (
    MergeForm,
    MoveForm,
    NeedForm,
    ReasonForm,
    TitleForm,
    VoicesForm,
)
from sanshe.needs.models import NEED_FLOW, Need, NeedMove, NeedStatus
from sanshe.needs.rules import (
    is_close,
    may_arrange,
    may_label,
    may_see_safety,
    need_moves_for,
)
from sanshe.needs.selectors.needs import (
    assumed_reason,
    cards_of,
    needs_visible_to,
    priority_parts,
    voices_of,
)
from sanshe.needs.selectors.statements import statements_visible_to
from sanshe.needs.selectors.studies import studies_visible_to
from sanshe.needs.services.arranging import merge_needs, move_voices, split_need, unmerge_need
from sanshe.needs.services.describing import edit_need, lift_safety, lock_need, rename_need
from sanshe.needs.services.moves import move_need
from sanshe.needs.views.gate import demand, page
from sanshe.organizations.http import PageRequest

_NEIGHBOURS = 30
_VOICES = 200


def need_or_404(request: PageRequest, pk: int) -> Need:
    """The need, if the person sees the study it comes from; the public reads its thread."""
    needs = needs_visible_to(request.scope).select_related(
        "study__community", "study__organization", "community__parent"
    )
    needs = needs.filter(study__in=studies_visible_to(request.scope).values("pk"))
    return get_object_or_404(needs, pk=pk)


@page
@require_safe
def need_detail(request: PageRequest, pk: int) -> HttpResponse:
    return _detail(request, need_or_404(request, pk))


@page
def need_edit(request: PageRequest, pk: int) -> HttpResponse:
    need = need_or_404(request, pk)
    demand(may_arrange(request.scope, need.study))
    form = NeedForm(request.POST if request.method == "POST" else None, need=need)
    if request.method == "POST" and form.is_valid():
        try:
            edit_need(need=need, facts=form.facts(), actor=request.user)
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已保存，优先级已重新计算。"))
            return redirect("needs:need", need.pk)
    status = 422 if form.errors else 200
    return render(request, "needs/need_form.html", {"need": need, "form": form}, status=status)


@page
@require_POST
def need_move(request: PageRequest, pk: int, verb: str) -> HttpResponse:
    need = need_or_404(request, pk)
    if verb not in NeedMove.values:
        raise Http404
    form = MoveForm(request.POST, verb=verb)
    note = form.cleaned_data.get("note", "") if form.is_valid() else ""
    return _do(
        request,
        need,
        lambda: move_need(need=need, verb=verb, actor=request.user, note=note),
        _("已记录。"),
    )


@page
@require_POST
def need_merge(request: PageRequest, pk: int) -> HttpResponse:
    """Take other needs into this one, or (`undo`) let this one stand for itself again."""
    need = need_or_404(request, pk)
    if request.POST.get("undo"):
        return _do(
            request, need, lambda: unmerge_need(need=need, actor=request.user),
            _("已撤销合并，需求恢复为单独一项。"),
        )  # fmt: skip
    needs = needs_visible_to(request.scope).filter(study=need.study_id).exclude(pk=need.pk)
    form = MergeForm(request.POST, needs=needs)
    if not form.is_valid():
        return _refused(request, need, form)
    others = list(form.cleaned_data["need"])
    return _do(
        request,
        need,
        lambda: merge_needs(main=need, others=others, actor=request.user),
        _("已合并，原话都保留在各自的需求下。"),
    )


@page
@require_POST
def need_split(request: PageRequest, pk: int) -> HttpResponse:
    """Make a new need of some voices, or move them to another need."""
    need = need_or_404(request, pk)
    demand(may_arrange(request.scope, need.study))
    form = VoicesForm(request.POST, voices=voices_of(need), needs=_neighbours(request, need))
    if not form.is_valid():
        return _refused(request, need, form)
    statements = list(form.cleaned_data["statements"])
    target, title = form.cleaned_data["target"], form.cleaned_data["title"]
    if target is not None:
        return _do(
            request,
            need,
            lambda: move_voices(statements=statements, target=target, actor=request.user),
            _("已移到“%(title)s”。") % {"title": target.title},
            to=target,
        )
    return _do(
        request,
        need,
        lambda: split_need(need=need, statements=statements, actor=request.user, title=title),
        _("已拆成新的需求。"),
    )


@page
@require_POST
def need_rename(request: PageRequest, pk: int) -> HttpResponse:
    need = need_or_404(request, pk)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return _refused(request, need, form)
    title = form.cleaned_data["title"]
    return _do(
        request,
        need,
        lambda: rename_need(need=need, title=title, actor=request.user),
        _("标题已改，机器不会再改动它。"),
    )


@page
@require_POST
def need_lock(request: PageRequest, pk: int) -> HttpResponse:
    need = need_or_404(request, pk)
    locked = request.POST.get("locked") == "1"
    return _do(
        request,
        need,
        lambda: lock_need(need=need, locked=locked, actor=request.user),
        _("已锁定。") if locked else _("已解锁。"),
    )


@page
@require_POST
def need_lift(request: PageRequest, pk: int) -> HttpResponse:
    """Say that a safety need concerns nobody's safety."""
    need = need_or_404(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _refused(request, need, form)
    note = form.cleaned_data["note"]
    return _do(
        request,
        need,
        lambda: lift_safety(need=need, actor=request.user, note=note),
        _("已解除人身安全标记，按普通需求继续。"),
    )


def _do(
    request: PageRequest,
    need: Need,
    act: Callable[[], object],
    done: str,
    to: Need | None = None,
) -> HttpResponse:
    """Act, say what came of it, and show the need the person goes on with."""
    try:
        result = act()
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
        return _detail(request, need_or_404(request, need.pk), status=422)
    messages.success(request, done)
    then = to or (result if isinstance(result, Need) else need)
    return redirect("needs:need", then.pk)


def _refused(request: PageRequest, need: Need, form: forms.Form) -> HttpResponse:
    for errors in form.errors.values():
        messages.error(request, str(errors[0]))
    return _detail(request, need, status=422)


def _neighbours(request: PageRequest, need: Need) -> QuerySet[Need]:
    """Open needs this one could be the same as: the same type first, then the same field."""
    open_ = NEED_FLOW.moves[NeedMove.MERGE].sources
    return (
        needs_visible_to(request.scope)
        .filter(study=need.study_id, safety=need.safety, status__in=open_)
        .exclude(pk=need.pk)
        .annotate(
            near=Case(
                When(need_type=need.need_type_id, then=Value(0)),
                When(need_type__field=need.need_type.field_id, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .order_by("near", "-priority", "pk")
    )


def _detail(request: PageRequest, need: Need, status: int = 200) -> HttpResponse:
    scope, study = request.scope, need.study
    readable = statements_visible_to(scope).filter(pk__in=voices_of(need).values("pk"))
    voices = readable.select_related("interview", "label", "need").order_by(
        "need__merged_into", "interview__held_on", "pk"
    )
    arrange = may_arrange(scope, study) and need.status != NeedStatus.MERGED
    neighbours = list(_neighbours(request, need)[:_NEIGHBOURS]) if arrange else []
    card = cards_of([need])[0]
    changeable = arrange and need.status in NEED_FLOW.moves[NeedMove.MERGE].sources
    return render(
        request,
        "needs/need_detail.html",
        {
            "need": need,
            "study": study,
            "card": card,
            "voices": list(voices[:_VOICES]),
            "parts": priority_parts(need),
            "reason": assumed_reason(need),
            "merged": list(need.merged_needs.select_related("need_type")),
            "moves": [
                {"verb": verb.value, "label": verb.label, "form": MoveForm(verb=verb)}
                for verb in need_moves_for(scope, need)
            ],
            "close": is_close(scope, study),
            "may_arrange": arrange,
            "may_change": changeable and not need.locked,
            "may_unmerge": may_arrange(scope, study) and need.status == NeedStatus.MERGED,
            "may_lift": need.safety
            and may_label(scope, study)
            and may_see_safety(scope, study)
            and need.status in NEED_FLOW.moves[NeedMove.MERGE].sources,
            "lift_form": ReasonForm(auto_id="id_lift_%s"),
            "neighbours": neighbours,
            "title_form": TitleForm(initial={"title": need.title}, auto_id="id_title_%s"),
            "history": list(history_of(need)[:30]) if is_close(scope, study) else [],
        },
        status=status,
    )
