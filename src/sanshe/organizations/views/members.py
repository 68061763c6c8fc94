"""Who acts in which role: given and ended by the security administrator or a manager."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sanshe.accounts.models import DualReview, ReviewAct
from sanshe.accounts.rules import may_carry_out
from sanshe.accounts.selectors import open_reviews
from sanshe.accounts.services.reviews import ReviewNeeded, Wish, ask_review
from sanshe.core.errors import DomainError, NotPermitted
from sanshe.organizations.forms import MemberFilter, RoleForm
from sanshe.organizations.http import PageRequest
from sanshe.organizations.models import Membership, Organization, Role
from sanshe.organizations.rules import STAFF_ROLES, may_end_role, may_see_members
from sanshe.organizations.selectors import (
    memberships_on,
    memberships_visible_to,
    organizations_visible_to,
)
from sanshe.organizations.services import end_role, give_role

PAGE = 50


@login_required
def members(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """The roles of an organisation, or of everybody; the form below gives one more."""
    organization = None
    if pk is not None:
        organization = get_object_or_404(organizations_visible_to(request.scope), pk=pk)
        if not may_see_members(request.scope, organization):
            raise PermissionDenied
    elif not request.scope.has(Role.SEC):
        # The list of everybody is the security administrator's page and exists for nobody else.
        raise Http404
    roles = list(Role) if request.scope.has(Role.SEC) else list(STAFF_ROLES)
    form = RoleForm(request.POST or None, roles=roles, organization=organization)
    if request.method == "POST" and form.is_valid() and _give(request, form):
        return redirect(request.path)
    return render(
        request,
        "organizations/members.html",
        {
            "organization": organization,
            "form": form,
            "confirmed": _confirmed(request) if organization is None else [],
            **_listed(request, organization),
        },
        status=422 if form.errors else 200,
    )


def _give(request: PageRequest, form: RoleForm) -> bool:
    said = form.cleaned_data
    try:
        membership = give_role(
            user=said["username"],
            role=Role(said["role"]),
            organization=form.organization or said.get("organization_name"),
            division=said.get("division"),
            until=said["until"],
            actor=request.user,
            on=timezone.localdate(),
        )
    except ReviewNeeded as needed:
        return _ask(request, needed.wish)
    except DomainError as error:
        form.add_error(None, str(error.message))
        return False
    messages.success(
        request,
        _("%(name)s现在担任%(role)s")
        % {"name": membership.user, "role": membership.get_role_display()},
    )
    return True


def _ask(request: PageRequest, wish: Wish) -> bool:
    try:
        ask_review(
            wish,
            actor=request.user,
            scope=request.scope,
            administrators=request.administrators,
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.info(
            request, _("这是管理员角色，已申请双人复核。另一位管理员同意后，请回到本页办理。")
        )
    return True


def _confirmed(request: PageRequest) -> list[DualReview]:
    """What of administrators' roles was confirmed and waits for this person to carry it out."""
    acts = (ReviewAct.GIVE_ROLE, ReviewAct.END_ROLE)
    asked = open_reviews().filter(act__in=acts, asked_by=request.user)
    return [review for review in asked if may_carry_out(request.user.pk, review)]


@login_required
@require_POST
def role_review_done(request: PageRequest, pk: int) -> HttpResponse:
    """Carry out what another administrator has confirmed about a role."""
    if not request.scope.has(Role.SEC):
        raise Http404
    review = get_object_or_404(open_reviews(), pk=pk, asked_by=request.user)
    today = timezone.localdate()
    try:
        if review.act == ReviewAct.GIVE_ROLE:
            give_role(
                user=review.user,
                role=Role(review.role),
                until=review.until,
                actor=request.user,
                on=today,
            )
        else:
            held = memberships_on(today).filter(user=review.user, role=review.role)
            end_role(membership=get_object_or_404(held), actor=request.user, on=today)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(
            request,
            _("已办理：%(act)s，%(name)s，%(role)s")
            % {
                "act": review.get_act_display(),
                "name": review.user,
                "role": review.get_role_display(),
            },
        )
    return redirect("organizations:members")


def _listed(request: PageRequest, organization: Organization | None) -> dict[str, object]:
    found: QuerySet[Membership] = memberships_visible_to(request.scope)
    if organization is not None:
        found = found.filter(organization=organization)
    today = timezone.localdate()
    current = memberships_on(today)
    narrow = MemberFilter(request.GET)
    if narrow.is_valid():
        if q := narrow.cleaned_data["q"]:
            found = found.filter(
                Q(user__name__icontains=q)
                | Q(user__username__icontains=q)
                | Q(organization__name__icontains=q)
            )
        if role := narrow.cleaned_data["role"]:
            found = found.filter(role=role)
        if not narrow.cleaned_data["ended"]:
            found = found.filter(pk__in=current.values("pk"))
    page = Paginator(found.order_by("user__name", "role", "pk"), PAGE).get_page(
        request.GET.get("page")
    )
    in_force = set(current.filter(pk__in=[m.pk for m in page]).values_list("pk", flat=True))
    rows = [
        {
            "membership": membership,
            "in_force": membership.pk in in_force,
            "may_end": membership.pk in in_force and may_end_role(request.scope, membership),
        }
        for membership in page
    ]
    return {"page": page, "rows": rows, "filter": narrow}


@login_required
@require_POST
def member_end(request: PageRequest, pk: int) -> HttpResponse:
    """End a role at once."""
    membership = get_object_or_404(memberships_visible_to(request.scope), pk=pk)
    try:
        end_role(membership=membership, actor=request.user, on=timezone.localdate())
    except ReviewNeeded as needed:
        _ask(request, needed.wish)
    except NotPermitted as error:
        if not may_end_role(request.scope, membership):
            raise PermissionDenied(str(error.message)) from error
        messages.error(request, str(error.message))
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(
            request,
            _("已结束%(name)s的%(role)s角色")
            % {"name": membership.user, "role": membership.get_role_display()},
        )
    if request.scope.has(Role.SEC) or membership.organization_id is None:
        return redirect("organizations:members")
    return redirect("organizations:members", membership.organization_id)
