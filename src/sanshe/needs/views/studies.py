"""Pages about studies: list, one study, its statements."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sanshe.core.errors import DomainError, NotPermitted
from sanshe.core.history import history_of, record_access, subject_of
from sanshe.needs.forms.studies import MoveForm, StatementFilter, StudyFilter, StudyForm
from sanshe.needs.models import Quota, Statement, Study, StudyMove
from sanshe.needs.rules import (
    COLLECTORS,
    NEEDS_REASON,
    is_close,
    is_collecting,
    may_collect,
    may_create_study,
    may_edit_study,
    may_export_statements,
    may_read_original,
    study_moves_for,
)
from sanshe.needs.selectors.statements import (
    interviews_of,
    safety_count,
    statements_visible_to,
)
from sanshe.needs.selectors.studies import coverage_of, studies_visible_to, with_counts
from sanshe.needs.services.studies import create_study, edit_study, move_study
from sanshe.needs.views.gate import PAGE, demand, page
from sanshe.office.write import SheetOut, write_xlsx
from sanshe.organizations.http import PageRequest
from sanshe.organizations.models import Organization, Role
from sanshe.places.models import Division
from sanshe.places.selectors import communities_under

_LATEST = 8
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def study_or_404(request: PageRequest, pk: int) -> Study:
    """The study, if it is visible to the person who asks."""
    return get_object_or_404(studies_visible_to(request.scope), pk=pk)


@page
@require_safe
def study_list(request: PageRequest) -> HttpResponse:
    visible = studies_visible_to(request.scope)
    form = StudyFilter(request.GET)
    found = visible
    if form.is_valid():
        wanted = form.cleaned_data
        if wanted["status"]:
            found = found.filter(status=wanted["status"])
        if word := wanted["q"]:
            found = found.filter(
                Q(title__icontains=word)
                | Q(community__name__icontains=word)
                | Q(organization__name__icontains=word)
            )
    return render(
        request,
        "needs/study_list.html",
        {
            "form": form,
            "page": Paginator(with_counts(found), PAGE).get_page(request.GET.get("page")),
            "filtered": form.is_valid() and any(form.cleaned_data.values()),
            "may_create": may_create_study(request.scope),
        },
    )


@page
def study_create(request: PageRequest) -> HttpResponse:
    demand(may_create_study(request.scope))
    initial = {"community": request.GET.get("community", "")}
    form = _study_form(request, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            study = create_study(facts=form.facts(), actor=request.user)
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已建立调研。接下来导入访谈记录，或在手机上现场录入。"))
            return redirect(study)
    return _form_page(request, form, None)


@page
def study_edit(request: PageRequest, pk: int) -> HttpResponse:
    study = study_or_404(request, pk)
    demand(may_edit_study(request.scope, study))
    quotas = dict(Quota.objects.filter(study=study).values_list("informant", "target"))
    form = _study_form(request, study=study, quotas=quotas)
    if request.method == "POST" and form.is_valid():
        try:
            edit_study(study=study, facts=form.facts(), actor=request.user)
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已保存。"))
            return redirect(study)
    return _form_page(request, form, study)


@page
@require_safe
def study_detail(request: PageRequest, pk: int) -> HttpResponse:
    return _detail(request, study_or_404(request, pk))


@page
@require_POST
def study_move(request: PageRequest, pk: int, verb: str) -> HttpResponse:
    study = study_or_404(request, pk)
    if verb not in StudyMove.values:
        raise Http404
    form = MoveForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        study = move_study(study=study, verb=verb, actor=request.user, note=note)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
        return _detail(request, study_or_404(request, pk), status=422)
    messages.success(
        request, _("调研现在是“%(status)s”。") % {"status": study.get_status_display()}
    )
    return redirect(study)


@page
@require_safe
def statement_list(request: PageRequest, pk: int) -> HttpResponse:
    """Everything that was said in a study, as far as this person may read it."""
    study = study_or_404(request, pk)
    form = StatementFilter(request.GET)
    found = _statements(request, study, form)
    close = is_close(request.scope, study)
    return render(
        request,
        "needs/statement_list.html",
        {
            "study": study,
            "form": form,
            "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
            "filtered": form.is_valid() and any(form.cleaned_data.values()),
            "close": close,
            "safety": safety_count(study),
            "may_export": may_export_statements(request.scope, study),
            "may_read_original": may_read_original(request.scope, study),
            "may_collect": may_collect(request.scope, study) and is_collecting(study),
        },
    )


@page
@require_safe
def statement_export(request: PageRequest, pk: int) -> HttpResponse:
    """The statements as a workbook, masked as on the page; the export is logged."""
    study = study_or_404(request, pk)
    demand(may_export_statements(request.scope, study))
    rows = list(_statements(request, study, StatementFilter(request.GET)))
    with transaction.atomic():
        record_access(request, "export", *subject_of(study), rows=len(rows), note=study.title)
    sheet = SheetOut(
        name=_("诉求"),
        columns=[_("序号"), _("社区（村）"), _("受访对象"), _("方式"), _("日期"), _("原话"),
                 _("需求类型"), _("人工已核对")],
        rows=(
            [
                row.ordinal,
                row.community.short_name,
                row.interview.get_informant_display(),
                row.interview.get_method_display(),
                row.interview.held_on,
                row.text,
                str(row.label or ""),
                row.checked,
            ]
            for row in rows
        ),
        title=study.title,
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="sanshe-") as folder:
        path = Path(folder) / "statements.xlsx"
        write_xlsx(path, [sheet])
        content = path.read_bytes()
    return download(content, f"{study.title}-{_('诉求')}.xlsx")


def download(content: bytes, name: str) -> HttpResponse:
    """A workbook to keep, under its own name in any script."""
    response = HttpResponse(content, content_type=XLSX)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response


def _statements(request: PageRequest, study: Study, form: StatementFilter) -> QuerySet[Statement]:
    found = (
        statements_visible_to(request.scope)
        .filter(interview__study=study)
        .select_related("interview", "label", "community", "need")
        .order_by("ordinal")
    )
    if form.is_valid():
        if word := form.cleaned_data["q"]:
            found = found.filter(text__icontains=word)
        if informant := form.cleaned_data["informant"]:
            found = found.filter(interview__informant=informant)
    return found


def _study_form(
    request: PageRequest,
    *,
    study: Study | None = None,
    quotas: dict[str, int] | None = None,
    initial: Mapping[str, object] | None = None,
) -> StudyForm:
    """The form with the organisations and communities this person may choose."""
    scope = request.scope
    organizations = Organization.objects.filter(pk__in=scope.organization_pks(*COLLECTORS))
    prefixes = {code[:4] for code in organizations.values_list("division_id", flat=True)}
    if scope.has(Role.STATION) and not scope.has(Role.AGENCY, Role.SW):
        prefixes = set(scope.prefixes(Role.STATION))
    communities = communities_under(sorted(prefixes))
    if study is not None:
        organizations = Organization.objects.filter(pk=study.organization_id)
        communities |= Division.objects.filter(pk=study.community_id).select_related("parent")
    return StudyForm(
        request.POST if request.method == "POST" else None,
        organizations=organizations,
        communities=communities,
        study=study,
        quotas=quotas,
        initial=initial or {},
    )


def _form_page(request: PageRequest, form: StudyForm, study: Study | None) -> HttpResponse:
    return render(
        request,
        "needs/study_form.html",
        {"form": form, "study": study},
        status=422 if form.errors else 200,
    )


def _detail(request: PageRequest, study: Study, status: int = 200) -> HttpResponse:
    scope = request.scope
    close = is_close(scope, study)
    collecting = is_collecting(study)
    statements = statements_visible_to(scope).filter(interview__study=study)
    return render(
        request,
        "needs/study_detail.html",
        {
            "study": study,
            "close": close,
            "coverage": coverage_of(study),
            "moves": [
                {"verb": verb.value, "label": verb.label, "reason": verb in NEEDS_REASON}
                for verb in study_moves_for(scope, study)
            ],
            "may_edit": may_edit_study(scope, study),
            "may_collect": may_collect(scope, study),
            "collecting": collecting,
            "heard": Statement.objects.filter(interview__study=study).count(),
            "unchecked": statements.filter(checked=False, dismissed=False).count(),
            "safety": safety_count(study),
            "interviews": list(interviews_of(study)[:_LATEST]) if close else [],
            "imports": list(study.imports.select_related("actor")[:_LATEST])
            if may_collect(scope, study)
            else [],
            "history": list(history_of(study)[:20]),
        },
        status=status,
    )
