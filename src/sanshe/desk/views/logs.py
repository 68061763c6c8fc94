"""The two logs, for the audit administrator alone. Exporting them is itself logged."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sanshe.core.history import record_access
from sanshe.core.models import AccessLine, HistoryLine
from sanshe.core.verbs import entries_of
from sanshe.desk.forms import SearchForm
from sanshe.desk.selectors import logs
from sanshe.desk.workbook import write_log
from sanshe.organizations.http import PageRequest
from sanshe.organizations.models import Role

PAGE_ROWS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

View = Callable[[HttpRequest], HttpResponse]


def _for_auditors(view: View) -> View:
    @wraps(view)
    def gate(request: HttpRequest) -> HttpResponse:
        if not cast(PageRequest, request).scope.has(Role.AUD):
            raise PermissionDenied
        return view(request)

    return login_required(gate)


@_for_auditors
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET, log=HistoryLine)
    search = form.search()
    page = Paginator(logs.changes_like(search), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": list(zip(page, entries_of(page, sealed=logs.is_business), strict=True)),
        "search": search,
    }
    return render(request, "desk/changes.html", context)


@_for_auditors
@require_safe
def accesses(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET, log=AccessLine)
    search = form.search()
    page = Paginator(logs.accesses_like(search), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": list(zip(page, entries_of(page, sealed=logs.is_business), strict=True)),
        "search": search,
    }
    return render(request, "desk/accesses.html", context)


@_for_auditors
@require_POST
def changes_export(request: HttpRequest) -> HttpResponse:
    search = SearchForm(request.POST, log=HistoryLine).search()
    rows = logs.change_rows(logs.changes_like(search))
    return _workbook(request, HistoryLine, _("变更记录"), logs.change_headings(), rows)


@_for_auditors
@require_POST
def accesses_export(request: HttpRequest) -> HttpResponse:
    search = SearchForm(request.POST, log=AccessLine).search()
    rows = logs.access_rows(logs.accesses_like(search))
    return _workbook(request, AccessLine, _("访问记录"), logs.access_headings(), rows)


def _workbook(
    request: HttpRequest,
    log: type[HistoryLine] | type[AccessLine],
    title: str,
    headings: list[str],
    rows: logs.Rows,
) -> HttpResponse:
    with TemporaryDirectory() as folder:
        target = Path(folder) / "log.xlsx"
        written = write_log(target, title, headings, rows)
        response = HttpResponse(target.read_bytes(), content_type=XLSX)
    record_access(request, "export", log._meta.label_lower, "", rows=written)
    name = f"{title}-{timezone.localdate():%Y%m%d}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
