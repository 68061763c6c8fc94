"""Runs of the matching: the list of a study, one run, and deciding about its matches."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sanshe.core.downloads import workbook
from sanshe.core.errors import DomainError, NotPermitted
from sanshe.core.history import record_access
from sanshe.engine.candidates import PARTS
from sanshe.matching.forms import RunForm
from sanshe.matching.models import Match
from sanshe.matching.rules import may_decide, may_run
from sanshe.matching.selectors import (
    bands_of,
    difference_to_previous,
    gaps_of,
    matches_of,
    matches_visible_to,
    runs_visible_to,
)
from sanshe.matching.services.decisions import decide_match
from sanshe.matching.services.runs import run_match
from sanshe.needs.rules import is_close
from sanshe.needs.selectors import studies_visible_to
from sanshe.office.write import SheetOut
from sanshe.organizations.http import PageRequest


@login_required
def run_list(request: PageRequest, study_pk: int) -> HttpResponse:
    study = get_object_or_404(studies_visible_to(request.scope), pk=study_pk)
    context = {
        "study": study,
        "runs": runs_visible_to(request.scope).filter(study=study),
        "form": RunForm(),
        "may_run": may_run(request.scope, study),
    }
    return render(request, "matching/run_list.html", context)


@login_required
@require_POST
def run_create(request: PageRequest, study_pk: int) -> HttpResponse:
    study = get_object_or_404(studies_visible_to(request.scope), pk=study_pk)
    form = RunForm(request.POST)
    if not form.is_valid():
        return redirect("matching:runs", study.pk)
    try:
        run = run_match(study=study, actor=request.user, aim=form.cleaned_data["aim"])
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("matching:runs", study.pk)
    return redirect(run)


@login_required
def run_detail(request: PageRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(runs_visible_to(request.scope), pk=pk)
    matches = list(matches_of(run, request.scope))
    gaps = list(gaps_of(run, request.scope))
    by_field: dict[str, list[object]] = {}
    for gap in gaps:
        by_field.setdefault(str(gap.need.need_type.field), []).append(gap)
    context = {
        "run": run,
        "study": run.study,
        "matches": matches,
        "gaps": gaps,
        "gaps_by_field": list(by_field.items()),
        "bands": bands_of(matches, gaps),
        "difference": difference_to_previous(run),
        "hidden_safety": run.needs - len(matches) - len(gaps),
        "may_decide": run.current and may_decide(request.scope, run.study),
        "may_run": may_run(request.scope, run.study),
    }
    return render(request, "matching/run_detail.html", context)


@login_required
@require_POST
def match_decide(request: PageRequest, pk: int) -> HttpResponse:
    match = get_object_or_404(matches_visible_to(request.scope), pk=pk)
    if match.need.safety and not is_close(request.scope, match.run.study):
        return HttpResponse(status=404)
    error = ""
    try:
        decide_match(
            match=match,
            decision=request.POST.get("decision", ""),
            actor=request.user,
            note=request.POST.get("note", ""),
        )
    except NotPermitted:
        raise
    except DomainError as refused:
        error = str(refused.message)
    if not request.htmx:
        if error:
            messages.error(request, error)
        return redirect(f"{match.run.get_absolute_url()}#match-{match.pk}")
    fresh = matches_of(match.run, request.scope).get(pk=match.pk)
    context = {"match": fresh, "may_decide": True, "error": error}
    return render(request, "matching/run_detail.html#match", context, status=422 if error else 200)


@login_required
def run_export(request: PageRequest, pk: int) -> HttpResponse:
    """The run as a workbook; safety needs are left out of every export."""
    run = get_object_or_404(runs_visible_to(request.scope), pk=pk)
    matches = [m for m in matches_of(run, request.scope) if not m.need.safety]
    gaps = [g for g in gaps_of(run, request.scope) if not g.need.safety]
    record_access(request, "export", "matching.matchrun", run.pk, rows=len(matches) + len(gaps))
    parts = [_("类型"), _("地点"), _("服务对象"), _("名额"), _("时间")]
    sheets = [
        SheetOut(
            _("匹配"),
            [_("需求"), _("等级"), _("服务资源"), _("提供方"), _("匹配度"), *parts, _("理由"),
             _("次选"), _("为何不选次选"), _("状态")],
            [_match_row(match) for match in matches],
        ),
        SheetOut(
            _("缺口"),
            [_("需求"), _("等级"), _("需求类型"), _("社区（村）"), _("原因"), _("最接近的资源")],
            [
                [g.need.title, g.need.band, str(g.need.need_type), str(g.need.community),
                 g.reason_here, g.nearest_offer.title if g.nearest_offer else ""]
                for g in gaps
            ],
        ),
    ]  # fmt: skip
    name = _("匹配结果-%(study)s-%(run)d.xlsx") % {"study": run.study.title, "run": run.pk}
    return workbook(name, sheets)


def _match_row(match: Match) -> list[str | float]:
    return [
        match.need.title,
        match.need.band,
        match.offer.title,
        match.offer.organization.name,
        round(match.fit, 4),
        *(match.components.get(part, 0.0) for part in PARTS),
        match.reason_here,
        match.next_best.title if match.next_best else "",
        match.why_not_here,
        str(match.get_status_display()),
    ]
