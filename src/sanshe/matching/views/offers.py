"""Offers: the list, one offer, its form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from sanshe.core.forms import words_asked
from sanshe.core.history import history_of
from sanshe.matching.forms import OfferForm
from sanshe.matching.models import Offer, OfferKind
from sanshe.matching.rules import PROVIDERS, may_keep_offers_of, may_offer
from sanshe.matching.selectors import offers_visible_to, with_taken
from sanshe.matching.services.offers import save_offer
from sanshe.needs.services.actors import demand
from sanshe.organizations.http import PageRequest
from sanshe.organizations.models import Organization
from sanshe.taxonomy.models import Field


@login_required
def offer_list(request: PageRequest) -> HttpResponse:
    offers = _filtered(request, with_taken(offers_visible_to(request.scope)))
    page = Paginator(offers, 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "kinds": OfferKind.choices,
        "fields": Field.objects.all(),
        "may_offer": may_offer(request.scope),
        "filtered": any(request.GET.get(key) for key in ("q", "kind", "field", "free")),
    }
    return render(request, "matching/offer_list.html", context)


def _filtered(request: PageRequest, offers: QuerySet[Offer]) -> QuerySet[Offer]:
    if words := words_asked(request.GET):
        offers = offers.filter(Q(title__icontains=words) | Q(organization__name__icontains=words))
    if kind := request.GET.get("kind"):
        offers = offers.filter(kind=kind)
    if field := request.GET.get("field"):
        having = Offer.need_types.through.objects.filter(needtype__field=field)
        offers = offers.filter(pk__in=having.values("offer"))
    if request.GET.get("free"):
        offers = offers.filter(active=True, capacity__gt=F("taken"))
    return offers.prefetch_related("need_types").order_by("title", "pk")


@login_required
def offer_detail(request: PageRequest, pk: int) -> HttpResponse:
    offer = get_object_or_404(with_taken(offers_visible_to(request.scope)), pk=pk)
    context = {
        "offer": offer,
        "may_edit": may_keep_offers_of(request.scope, offer.organization_id),
        "lines": history_of(offer)[:20],
    }
    return render(request, "matching/offer_detail.html", context)


@login_required
def offer_create(request: PageRequest) -> HttpResponse:
    demand(may_offer(request.scope))
    return _form(request, None)


@login_required
def offer_edit(request: PageRequest, pk: int) -> HttpResponse:
    offer = get_object_or_404(offers_visible_to(request.scope), pk=pk)
    demand(may_keep_offers_of(request.scope, offer.organization_id))
    return _form(request, offer)


def own_organizations(request: PageRequest) -> QuerySet[Organization]:
    """Whose offers the person keeps."""
    return Organization.objects.filter(pk__in=request.scope.organization_pks(*PROVIDERS))


def _form(request: PageRequest, offer: Offer | None) -> HttpResponse:
    own = own_organizations(request)
    initial = {"organization": own.first()} if offer is None else None
    form = OfferForm(
        request.POST or None, organizations=own, offer=offer,
        **({"initial": initial} if initial else {}),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        saved = save_offer(
            organization=form.cleaned_data["organization"],
            facts=form.facts(),
            actor=request.user,
            offer=offer,
        )
        messages.success(request, _("服务资源已保存。"))
        return redirect(saved)
    status = 422 if form.is_bound else 200
    context = {"form": form, "offer": offer, "groups": form.groups()}
    return render(request, "matching/offer_form.html", context, status=status)
