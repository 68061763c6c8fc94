"""Runs of the matching: the list of a study, one run, and deciding about its matches."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sanshe.core.downloads import workbook
from sanshe.core.errors import DomainError, NotPermitted
from sanshe.core.history import record_access
from sanshe.engine.candidates import PARTS
from sanshe.matching.forms import RunFilter, RunForm
from sanshe.matching.models import Gap, Match
from sanshe.matching.rules import may_decide, may_run
from sanshe.matching.selectors.runs import (
    bands_of,
    difference_to_previous,
    gap_groups_of,
    gaps_of,
    hidden_safety_of,
    matches_of,
    matches_visible_to,
    runs_visible_to,
    totals_of,
)
from sanshe.matching.services.decisions import decide_match
from sanshe.matching.services.runs import run_match
from sanshe.needs.rules import is_close
from sanshe.needs.selectors import studies_visible_to
from sanshe.office.write import SheetOut
from sanshe.organizations.http import PageRequest

PAGE = 25
#: The parts of a run's page, the first one first.
SHOWS = ("matched", "gaps", "decided")


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
    """The proof and the bands, and below them one part at a time: matches, gaps or decisions."""
    run = get_object_or_404(runs_visible_to(request.scope), pk=pk)
    show = request.GET.get("show", "")
    show = show if show in SHOWS else SHOWS[0]
    matches, gaps = matches_of(run, request.scope), gaps_of(run, request.scope)
    bands = bands_of(matches, gaps)
    rows: QuerySet[Match] | QuerySet[Gap] = gaps if show == "gaps" else matches
    if show == "decided":
        rows = matches.exclude(Match.UNDECIDED)
    form = RunFilter(request.GET, rows=rows)
    found = Paginator(rows.filter(**form.conditions()), PAGE).get_page(request.GET.get("page"))
    totals = totals_of(matches, gaps)
    hidden = hidden_safety_of(run, request.scope)
    context = {
        "run": run,
        "study": run.study,
        "show": show,
        "totals": totals,
        "bands": bands,
        "form": form,
        "page": found,
        "groups": gap_groups_of(gaps) if show == "gaps" and not form.wanted else [],
        "back": request.GET.urlencode(),
        "difference": difference_to_previous(run),
        "hidden_safety": hidden,
        # Nobody spoke for them any more: the figures of the run still count them.
        "withdrawn": max(0, run.needs - totals.matched - totals.gaps - hidden),
        "may_decide": run.current and may_decide(request.scope, run.study),
        "may_run": may_run(request.scope, run.study),
    }
    return render(request, "matching/run_detail.html", context)


@login_required
@require_POST
def match_decide(request: PageRequest, pk: int) -> HttpResponse:
    match = get_object_or_404(matches_visible_to(request.scope), pk=pk)
    run = match.run
    if match.need.safety and not is_close(request.scope, run.study):
        return HttpResponse(status=404)
    error, back = "", _known(request.POST.get("back", ""))
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
        return redirect(f"{run.get_absolute_url()}?{back.urlencode()}#match-{match.pk}")
    matches = matches_of(run, request.scope)
    context = {
        "match": matches.get(pk=match.pk),
        "show": back.get("show", SHOWS[0]),
        "totals": totals_of(matches, gaps_of(run, request.scope)),
        "back": back.urlencode(),
        "may_decide": True,
        "error": error,
        "answered": True,
    }
    return render(request, "matching/run_answer.html", context, status=422 if error else 200)


def _known(query: str) -> QueryDict:
    """The address somebody came from, cut down to what the page of a run understands."""
    came = QueryDict(query)
    known = QueryDict(mutable=True)
    for name in ("show", "page", *RunFilter.COLUMNS):
        if name in came:
            known[name] = came[name]
    return known


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
