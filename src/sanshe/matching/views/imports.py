"""Workbooks of offers: upload, look, bring in, take back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sanshe.core.downloads import XLSX, download
from sanshe.core.errors import DomainError, NotNow, NotPermitted
from sanshe.core.history import record_access, subject_of
from sanshe.matching.forms import OfferImportForm
from sanshe.matching.models import OfferImport
from sanshe.matching.rules import may_offer
from sanshe.matching.selectors import offer_imports_visible_to
from sanshe.matching.services.offer_imports import (
    confirm_offer_import,
    error_sheet_of,
    expire_offer_imports,
    start_offer_import,
    table_of,
    undo_offer_import,
)
from sanshe.matching.views.offers import own_organizations
from sanshe.needs.services.actors import demand
from sanshe.organizations.http import PageRequest
from sanshe.taxonomy.models import NeedType


@login_required
def offer_import(request: PageRequest) -> HttpResponse:
    """Upload one workbook of offers."""
    demand(may_offer(request.scope))
    own = own_organizations(request)
    form = OfferImportForm(
        request.POST or None, request.FILES or None, organizations=own,
        initial={"organization": own.first()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        # One computer without a timer forgets old uploads here.
        expire_offer_imports(now=timezone.now())
        file = form.cleaned_data["file"]
        try:
            made = start_offer_import(
                organization=form.cleaned_data["organization"],
                file_name=file.name,
                content=file.read(),
                actor=request.user,
            )
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error("file", str(error.message))
        else:
            return redirect(made)
    status = 422 if form.errors else 200
    return render(request, "matching/offer_import.html", {"form": form}, status=status)


@login_required
@require_safe
def detail(request: PageRequest, pk: int) -> HttpResponse:
    """What would come in, or what came in."""
    return _detail(request, _import_or_404(request, pk))


@login_required
@require_POST
def confirm(request: PageRequest, pk: int) -> HttpResponse:
    """Bring in what the page shows, once, however often this arrives."""
    import_ = _import_or_404(request, pk)
    try:
        import_ = confirm_offer_import(import_=import_, actor=request.user)
    except NotNow as error:
        messages.info(request, str(error.message))
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
        return _detail(request, import_, status=422)
    else:
        done = ngettext("已导入 %(n)d 项服务资源。", "已导入 %(n)d 项服务资源。", import_.found)
        messages.success(request, done % {"n": import_.found})
    return redirect(import_)


@login_required
@require_POST
def undo(request: PageRequest, pk: int) -> HttpResponse:
    """Take back what came in, or give up a file that was not confirmed."""
    import_ = _import_or_404(request, pk)
    try:
        undo_offer_import(import_=import_, actor=request.user)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
        return _detail(request, import_, status=422)
    told = _("已撤销这次导入。") if import_.imported_at else _("已放弃这个文件，没有导入。")
    messages.success(request, told)
    return redirect("matching:offer_import")


@login_required
@require_safe
def errors(request: PageRequest, pk: int) -> HttpResponse:
    """The rows with problems, to be mended and uploaded again."""
    import_ = _import_or_404(request, pk)
    try:
        content = error_sheet_of(import_)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("matching:offer_import")
    with transaction.atomic():
        subject, key = subject_of(import_)
        record_access(request, "export", subject, key, rows=import_.rejected,
                      note=import_.file_name)  # fmt: skip
    stem = import_.file_name.rsplit(".", 1)[0]
    return download(content, f"{stem}-{_('问题行')}.xlsx", XLSX)


def _import_or_404(request: PageRequest, pk: int) -> OfferImport:
    return get_object_or_404(offer_imports_visible_to(request.scope), pk=pk)


def _detail(request: PageRequest, import_: OfferImport, *, status: int = 200) -> HttpResponse:
    try:
        table = table_of(import_)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("matching:offer_import")
    names = {leaf.pk: str(leaf) for leaf in NeedType.objects.all()}
    rows = [(row, [names.get(code, code) for code in row.leaf_codes]) for row in table.rows]
    context = {"import": import_, "table": table, "rows": rows}
    return render(request, "matching/offer_import_detail.html", context, status=status)
