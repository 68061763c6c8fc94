"""Pages about workbooks: upload, look, choose columns, confirm, undo."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sanshe.core.errors import DomainError, NotNow, NotPermitted
from sanshe.core.history import history_of, record_access, subject_of
from sanshe.needs.forms.imports import FIELD_LABELS, ColumnsForm, UploadForm
from sanshe.needs.models import Import, ImportStatus
from sanshe.needs.rules import is_collecting, may_collect
from sanshe.needs.selectors.statements import imports_visible_to
from sanshe.needs.services.import_files import (
    AlreadyImported,
    error_sheet_of,
    expire_imports,
)
from sanshe.needs.services.imports import (
    choose_columns,
    confirm_import,
    is_stale,
    start_import,
    undo_import,
)
from sanshe.needs.tasks.imports import run, store
from sanshe.needs.views.gate import demand, page
from sanshe.needs.views.studies import download, study_or_404
from sanshe.organizations.http import PageRequest

_CHOOSING = (ImportStatus.PREVIEW, ImportStatus.FAILED)


@page
def import_create(request: PageRequest, study_pk: int) -> HttpResponse:
    """Upload one workbook of field notes."""
    study = study_or_404(request, study_pk)
    demand(may_collect(request.scope, study))
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        # One computer without a timer forgets old uploads here.
        expire_imports(now=timezone.now())
        file = form.cleaned_data["file"]
        try:
            made = start_import(
                study=study, file_name=file.name, content=file.read(), actor=request.user
            )
        except NotPermitted:
            raise
        except AlreadyImported as error:
            link = format_html(
                '{} <a href="{}">{}</a>',
                error.message,
                error.earlier.get_absolute_url(),
                _("查看那一次导入"),
            )
            form.add_error("file", link)
        except DomainError as error:
            form.add_error("file", str(error.message))
        else:
            return redirect(made)
    return render(
        request,
        "needs/import_create.html",
        {"study": study, "form": form, "collecting": is_collecting(study)},
        status=422 if form.errors else 200,
    )


@page
@require_safe
def import_detail(request: PageRequest, pk: int) -> HttpResponse:
    """One workbook in whatever state it is: preview, running, done, undone."""
    return _detail(request, _import_or_404(request, pk))


@page
@require_POST
def import_columns(request: PageRequest, pk: int) -> HttpResponse:
    """Read the same workbook with other columns."""
    import_ = _import_or_404(request, pk)
    form = ColumnsForm(request.POST, import_=import_)
    if not form.is_valid():
        return _detail(request, import_, form=form, status=422)
    try:
        import_ = choose_columns(import_=import_, choices=form.choices(), actor=request.user)
    except NotPermitted:
        raise
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _detail(request, import_, form=form, status=422)
    messages.success(request, _("已按所选的列重新读取。"))
    return redirect(import_)


@page
@require_POST
def import_confirm(request: PageRequest, pk: int) -> HttpResponse:
    """Import what the preview shows, once, however often this arrives."""
    import_ = _import_or_404(request, pk)
    now = timezone.now()
    if is_stale(import_, now):
        # Its worker may have died; storing twice is impossible, asking twice is not.
        store.enqueue(import_.pk)
        messages.info(request, _("已重新排队。"))
        return redirect(import_)
    try:
        import_ = run(confirm_import(import_=import_, actor=request.user))
    except NotPermitted:
        raise
    except NotNow as error:
        messages.info(request, str(error.message))
        return redirect(import_)
    except DomainError as error:
        messages.error(request, str(error.message))
        return _detail(request, import_, status=422)
    if import_.status == ImportStatus.DONE:
        messages.success(request, _("已导入 %(count)s 条诉求。") % {"count": import_.found})
    return redirect(import_)


@page
@require_POST
def import_undo(request: PageRequest, pk: int) -> HttpResponse:
    """Take the statements out again, or give up an upload that was not confirmed."""
    import_ = _import_or_404(request, pk)
    was_done = import_.status == ImportStatus.DONE
    try:
        import_ = undo_import(import_=import_, actor=request.user)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
        return _detail(request, _import_or_404(request, pk), status=422)
    told = _("已撤销这次导入。") if was_done else _("已放弃这个文件，没有导入。")
    messages.success(request, told)
    return redirect("needs:import_create", import_.study_id)


@page
@require_safe
def import_errors(request: PageRequest, pk: int) -> HttpResponse:
    """The rows with problems, to be mended and uploaded again. They hold unmasked words."""
    import_ = _import_or_404(request, pk)
    try:
        content = error_sheet_of(import_)
    except NotNow as error:
        messages.error(request, str(error.message))
        return redirect(import_)
    with transaction.atomic():
        subject, key = subject_of(import_)
        record_access(request, "export", subject, key, rows=import_.rejected,
                      note=import_.file_name)  # fmt: skip
    stem = import_.file_name.rsplit(".", 1)[0]
    return download(content, f"{stem}-{_('问题行')}.xlsx")


def _import_or_404(request: PageRequest, pk: int) -> Import:
    return get_object_or_404(imports_visible_to(request.scope), pk=pk)


def _detail(
    request: PageRequest, import_: Import, *, form: ColumnsForm | None = None, status: int = 200
) -> HttpResponse:
    if not may_collect(request.scope, import_.study):
        raise PermissionDenied
    choosing = import_.status in _CHOOSING
    template = "needs/import_detail.html"
    if request.htmx and status == 200 and request.method == "GET":
        template += "#state"
    columns = [
        {**column, "label": FIELD_LABELS.get(column["field"], "")}
        for column in import_.preview.get("columns", [])
    ]
    response = render(
        request,
        template,
        {
            "import": import_,
            "study": import_.study,
            "choosing": choosing,
            "form": (form or ColumnsForm(import_=import_)) if choosing else None,
            "columns": columns,
            "mending": bool((form and form.errors) or import_.preview.get("refusal")),
            "stale": is_stale(import_, timezone.now()),
            "running": import_.status == ImportStatus.RUNNING,
            "done": import_.status == ImportStatus.DONE,
            "here": reverse("needs:import", args=[import_.pk]),
            "history": list(history_of(import_)[:10]),
        },
        status=status,
    )
    response.headers["Vary"] = "HX-Request"
    return response
