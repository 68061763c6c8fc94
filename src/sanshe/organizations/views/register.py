"""The register of organisations."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.core.errors import BadEntry, NotPermitted
from sanshe.core.history import history_of
from sanshe.organizations.forms import OrganizationForm, RegisterFilter
from sanshe.organizations.http import PageRequest
from sanshe.organizations.models import Kind, Organization, Role
from sanshe.organizations.rules import (
    kinds_to_create,
    may_change_identity,
    may_create_organization,
    may_edit_organization,
    may_see_contacts,
    may_see_details,
    may_see_members,
)
from sanshe.organizations.selectors import (
    Wanted,
    organizations_visible_to,
    register_of,
    towns_of_register,
)
from sanshe.organizations.services import create_organization, edit_organization
from sanshe.places.models import Division

PAGE = 50


@login_required
def organization_list(request: PageRequest) -> HttpResponse:
    """The register, narrowed by name, kind and town."""
    said = request.GET.get("place", "")
    place = Division.objects.filter(code=said.ljust(12, "0")).first() if said.isdigit() else None
    data = request.GET.copy()
    if place is not None:
        data["place"] = place.prefix
    towns = list(towns_of_register(request.scope))
    form = RegisterFilter(data, towns=towns, place=place)
    wanted = Wanted(**form.cleaned_data) if form.is_valid() else Wanted()
    page = Paginator(register_of(request.scope, wanted), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "organizations/organization_list.html",
        {
            "form": form,
            "page": page,
            "filtered": wanted != Wanted(),
            "may_create": may_create_organization(request.scope),
            "see_details": may_see_details(request.scope),
        },
    )


@login_required
def organization_detail(request: PageRequest, pk: int) -> HttpResponse:
    """One organisation: what is public, and to people at work here, whom to call."""
    visible = organizations_visible_to(request.scope)
    organization = get_object_or_404(visible.select_related("division__parent"), pk=pk)
    scope = request.scope
    may_edit = may_edit_organization(scope, organization)
    return render(
        request,
        "organizations/organization_detail.html",
        {
            "organization": organization,
            "see_details": may_see_details(scope),
            "see_contacts": may_see_contacts(scope, organization),
            "see_members": may_see_members(scope, organization),
            "see_staff": organization.kind == Kind.AGENCY and _at_work(request, organization),
            "may_edit": may_edit,
            "grade_over": bool(
                organization.grade_until and organization.grade_until < timezone.localdate()
            ),
            "history": history_of(organization)[:20] if may_edit else None,
        },
    )


def _at_work(request: PageRequest, organization: Organization) -> bool:
    scope = request.scope
    own = scope.organization_pks(Role.AGENCY, Role.SUPV, Role.SW)
    return organization.pk in own or scope.has(Role.CITY, Role.CIVIL, Role.TOWN, Role.COMM)


@login_required
def organization_create(request: PageRequest) -> HttpResponse:
    """Enter an organisation."""
    if not may_create_organization(request.scope):
        raise PermissionDenied
    form = OrganizationForm(
        request.POST or None, kinds=kinds_to_create(request.scope), locked=False
    )
    if request.method == "POST" and form.is_valid():
        try:
            organization = create_organization(
                entry=form.entry(), actor=request.user, on=timezone.localdate()
            )
        except BadEntry as error:
            form.add_error("credit_code", str(error.message))
        except NotPermitted as error:
            form.add_error("place", str(error.message))
        else:
            messages.success(request, _("已登记%(name)s") % {"name": organization.name})
            return redirect(organization)
    return render(
        request,
        "organizations/organization_form.html",
        {"form": form, "organization": None},
        status=422 if form.errors else 200,
    )


@login_required
def organization_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Change an entry."""
    visible = organizations_visible_to(request.scope)
    organization = get_object_or_404(visible.select_related("division"), pk=pk)
    if not may_edit_organization(request.scope, organization):
        raise PermissionDenied
    locked = not may_change_identity(request.scope, organization)
    form = OrganizationForm(
        request.POST or None,
        instance=Organization.objects.select_related("division").get(pk=pk),
        kinds=kinds_to_create(request.scope),
        locked=locked,
    )
    if request.method == "POST" and form.is_valid():
        try:
            edit_organization(
                organization=organization,
                entry=form.entry(),
                actor=request.user,
                on=timezone.localdate(),
            )
        except BadEntry as error:
            form.add_error("credit_code", str(error.message))
        except NotPermitted as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已保存"))
            return redirect(organization)
    return render(
        request,
        "organizations/organization_form.html",
        {"form": form, "organization": organization, "locked": locked},
        status=422 if form.errors else 200,
    )
