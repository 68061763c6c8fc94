"""Pages about social workers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sanshe.core.errors import BadEntry, DomainError, NotPermitted
from sanshe.core.history import history_of
from sanshe.organizations.http import PageRequest
from sanshe.organizations.models import Kind, Organization, Role
from sanshe.organizations.selectors import organizations_visible_to
from sanshe.talent.forms import CertificateForm, WorkerFilter, WorkerForm
from sanshe.talent.models import Certificate, CertificateLevel, Worker
from sanshe.talent.rules import (
    CertificateStatus,
    best_status,
    check_status,
    mask_number,
    may_edit_worker,
    may_move_worker,
    may_see_files,
    may_see_numbers,
    status_on,
)
from sanshe.talent.selectors import (
    eligibility_around,
    eligibility_of,
    employed_on,
    valid_certificates,
    with_expiring,
    without_valid,
    workers_visible_to,
)
from sanshe.talent.services import (
    add_certificate,
    create_worker,
    edit_worker,
    remove_certificate,
)

PAGE = 50


def status_label(status: CertificateStatus) -> str:
    """A status in words."""
    return {
        CertificateStatus.VALID: _("有效"),
        CertificateStatus.EXPIRING: _("即将到期"),
        CertificateStatus.EXPIRED: _("已过期"),
        CertificateStatus.FUTURE: _("尚未生效"),
        CertificateStatus.NONE: _("无"),
    }[status]


@login_required
def worker_list(request: PageRequest) -> HttpResponse:
    """The social workers a person may read; for a town, numbers by agency."""
    scope = request.scope
    if not may_see_files(scope):
        raise Http404
    today = timezone.localdate()
    visible = workers_visible_to(scope)
    employers = Organization.objects.filter(
        pk__in=visible.order_by().values("organization_id")
    ).order_by("name")
    form = WorkerFilter(request.GET, organizations=employers)
    found, filtered = visible.filter(employed_on(today)), False
    if form.is_valid():
        said = form.cleaned_data
        filtered = any(said.values())
        found = visible if said["left"] else found
        if said["q"]:
            found = found.filter(name__icontains=said["q"])
        if said["organization"]:
            found = found.filter(organization=said["organization"])
        if said["status"] == "valid":
            found = found.filter(Exists(valid_certificates(today)))
        elif said["status"] == "expiring":
            found = with_expiring(found, today)
        elif said["status"] == "none":
            found = without_valid(found, today)
    found = found.prefetch_related("certificates")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    own = scope.organization_pks(Role.AGENCY)
    return render(
        request,
        "talent/worker_list.html",
        {
            "form": form,
            "page": page,
            "rows": [_row(worker, today) for worker in page],
            "filtered": filtered,
            "agency": Organization.objects.filter(pk__in=own).first() if own else None,
            "counts": eligibility_around(scope.prefixes(Role.TOWN), today),
            "only_counts": scope.has(Role.TOWN) and not page.paginator.count and not filtered,
        },
    )


def _row(worker: Worker, on: Any) -> dict[str, Any]:
    certificates = list(worker.certificates.all())
    status = best_status(certificates, on)
    best = next((c for c in certificates if status_on(c, on) == status), None)
    return {
        "worker": worker,
        "status": status,
        "label": status_label(status),
        "level": best.get_level_display() if best else "",
        "until": best.valid_to if best else None,
    }


@login_required
def worker_detail(request: PageRequest, pk: int) -> HttpResponse:
    """One file, its certificates and what they are worth today."""
    worker = get_object_or_404(
        workers_visible_to(request.scope).prefetch_related(
            Prefetch("certificates", Certificate.objects.order_by("-valid_to", "-pk"))
        ),
        pk=pk,
    )
    return _show(request, worker, CertificateForm())


def _show(request: PageRequest, worker: Worker, form: CertificateForm) -> HttpResponse:
    today, scope = timezone.localdate(), request.scope
    full = may_see_numbers(scope, worker)
    may_edit = may_edit_worker(scope, worker)
    certificates = [
        {
            "certificate": certificate,
            "number": certificate.number if full else mask_number(certificate.number),
            "status": status_on(certificate, today),
            "label": status_label(status_on(certificate, today)),
        }
        for certificate in worker.certificates.all()
    ]
    checked = check_status(worker.minors_checked_until, today)
    return render(
        request,
        "talent/worker_detail.html",
        {
            "worker": worker,
            "certificates": certificates,
            "checked": checked,
            "checked_label": _("未查询") if checked == "none" else status_label(checked),
            "form": form,
            "may_edit": may_edit,
            "may_move": may_move_worker(scope, worker),
            "languages": _languages(worker),
            "history": history_of(worker)[:20] if may_edit else None,
        },
        status=422 if form.errors else 200,
    )


def _languages(worker: Worker) -> list[str]:
    labels = dict(WorkerForm.base_fields["languages"].choices)  # type: ignore[attr-defined]
    return [str(labels.get(code, code)) for code in worker.languages]


@login_required
def worker_create(request: PageRequest) -> HttpResponse:
    """Open a file for a member of the own staff."""
    own = request.scope.organization_pks(Role.AGENCY)
    organization = Organization.objects.filter(pk__in=own).order_by("pk").first()
    if organization is None:
        raise PermissionDenied
    form = WorkerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            worker = create_worker(
                organization=organization,
                entry=form.entry(),
                actor=request.user,
                on=timezone.localdate(),
            )
        except BadEntry as error:
            form.add_error("username", str(error.message))
        else:
            messages.success(request, _("已登记%(name)s，请接着填证书") % {"name": worker.name})
            return redirect(worker)
    return render(
        request,
        "talent/worker_form.html",
        {"form": form, "worker": None, "organization": organization},
        status=422 if form.errors else 200,
    )


@login_required
def worker_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Change a file."""
    worker = get_object_or_404(workers_visible_to(request.scope), pk=pk)
    if not may_edit_worker(request.scope, worker):
        raise PermissionDenied
    own = not may_move_worker(request.scope, worker)
    form = WorkerForm(request.POST or None, instance=Worker.objects.get(pk=pk), own=own)
    if request.method == "POST" and form.is_valid():
        try:
            edit_worker(
                worker=worker, entry=form.entry(), actor=request.user, on=timezone.localdate()
            )
        except BadEntry as error:
            form.add_error("username", str(error.message))
        except NotPermitted as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已保存"))
            return redirect(worker)
    return render(
        request,
        "talent/worker_form.html",
        {"form": form, "worker": worker, "organization": worker.organization, "own": own},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def certificate_add(request: PageRequest, pk: int) -> HttpResponse:
    """Enter a certificate."""
    worker = get_object_or_404(workers_visible_to(request.scope), pk=pk)
    if not may_edit_worker(request.scope, worker):
        raise PermissionDenied
    form = CertificateForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            add_certificate(
                worker=worker,
                level=CertificateLevel(said["level"]),
                number=said["number"].strip(),
                valid_from=said["valid_from"],
                valid_to=said["valid_to"],
                actor=request.user,
                on=timezone.localdate(),
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已登记证书"))
            return redirect(worker)
    return _show(request, worker, form)


@login_required
@require_POST
def certificate_remove(request: PageRequest, pk: int) -> HttpResponse:
    """Take a wrongly entered certificate out."""
    certificate = get_object_or_404(
        Certificate.objects.filter(worker__in=workers_visible_to(request.scope)).select_related(
            "worker"
        ),
        pk=pk,
    )
    if not may_move_worker(request.scope, certificate.worker):
        raise PermissionDenied
    worker = remove_certificate(
        certificate=certificate, actor=request.user, on=timezone.localdate()
    )
    messages.success(request, _("已删除证书"))
    return redirect(worker)


@login_required
def eligibility(request: PageRequest, pk: int) -> HttpResponse:
    """How an agency stands against what buyers ask: counts, no names."""
    organization = get_object_or_404(
        organizations_visible_to(request.scope).filter(kind=Kind.AGENCY), pk=pk
    )
    scope = request.scope
    own = scope.organization_pks(Role.AGENCY, Role.SUPV, Role.SW)
    buyers = scope.has(Role.CITY, Role.CIVIL, Role.TOWN, Role.COMM)
    if organization.pk not in own and not buyers:
        raise PermissionDenied
    today = timezone.localdate()
    grade_until = organization.grade_until
    return render(
        request,
        "talent/eligibility.html",
        {
            "organization": organization,
            "eligibility": eligibility_of(organization.pk, today),
            "grade_valid": bool(
                organization.grade and (grade_until is None or grade_until >= today)
            ),
            "may_see_files": workers_visible_to(scope).filter(organization=organization).exists(),
        },
    )
