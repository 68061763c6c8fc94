"""Pages about places."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from sanshe.core.errors import BadEntry, NotPermitted
from sanshe.places.forms import PlaceFilter, ResidentsForm
from sanshe.places.http import PlaceRequest
from sanshe.places.models import Division, Level
from sanshe.places.rules import may_set_residents
from sanshe.places.selectors import (
    above,
    communities_under,
    divisions_visible_to,
    home_county,
    in_force,
    towns_under,
)
from sanshe.places.services import set_residents

PAGE = 50


@login_required
def division_list(request: PlaceRequest) -> HttpResponse:
    """The communities of the person's county; the provinces where no county is theirs."""
    reach = request.scope
    visible = divisions_visible_to(reach)
    county = home_county(reach)
    if county is None:
        tops = visible.filter(in_force(), parent__isnull=True)
        page = Paginator(tops, PAGE).get_page(request.GET.get("page"))
        return render(request, "places/division_list.html", {"county": None, "page": page})
    towns = list(towns_under([county.prefix]))
    form = PlaceFilter(request.GET, towns=towns)
    found = communities_under([county.prefix]).filter(pk__in=visible.values("pk"))
    if form.is_valid():
        wanted = form.cleaned_data
        if wanted["town"]:
            found = found.filter(parent_id=wanted["town"])
        if wanted["q"]:
            found = found.filter(Q(name__icontains=wanted["q"]) | Q(code__startswith=wanted["q"]))
        if wanted["missing"]:
            found = found.filter(residents__isnull=True)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "places/division_list.html",
        {
            "county": county,
            "form": form,
            "page": page,
            "towns": len(towns),
            "residents": found.aggregate(sum=Sum("residents"))["sum"],
            "filtered": any(form.cleaned_data.values()) if form.is_valid() else False,
        },
    )


@login_required
def division_detail(request: PlaceRequest, code: str) -> HttpResponse:
    """One place of any level, the places inside it, and what happens there."""
    reach = request.scope
    division = get_object_or_404(divisions_visible_to(reach), pk=code)
    inside = Division.objects.filter(in_force(), parent=division).order_by("code")
    return render(
        request,
        "places/division_detail.html",
        {
            "division": division,
            "above": above(division),
            "page": Paginator(inside, PAGE).get_page(request.GET.get("page")),
            "is_community": division.level == Level.COMMUNITY,
            "may_edit": may_set_residents(reach, division.code),
        },
    )


@login_required
def residents_edit(request: PlaceRequest, code: str) -> HttpResponse:
    """Enter the number of residents of a place."""
    reach = request.scope
    division = get_object_or_404(divisions_visible_to(reach), pk=code)
    if not may_set_residents(reach, division.code):
        raise PermissionDenied
    form = ResidentsForm(request.POST or None, instance=Division.objects.get(pk=code))
    actor = request.user
    assert actor.is_authenticated  # @login_required; this tells the type checker
    if request.method == "POST" and form.is_valid():
        try:
            set_residents(
                division=division,
                residents=form.cleaned_data["residents"],
                source=form.cleaned_data["residents_source"],
                actor=actor,
                reach=reach,
            )
        except BadEntry as error:
            form.add_error("residents_source", str(error.message))
        except NotPermitted as error:
            raise PermissionDenied(str(error.message)) from error
        else:
            messages.success(request, _("已保存%(place)s的人口数") % {"place": division.short_name})
            return redirect(division)
    return render(
        request,
        "places/residents_edit.html",
        {"division": division, "form": form},
        status=422 if form.errors else 200,
    )
