"""Offers: the list, one offer, its form, and bringing a workbook in."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sanshe.core.errors import BadEntry, DomainError, NotPermitted
from sanshe.core.history import history_of
from sanshe.matching.forms import OfferForm, OfferImportForm
from sanshe.matching.models import Offer, OfferKind
from sanshe.matching.rules import PROVIDERS, may_keep_offers_of, may_offer
from sanshe.matching.selectors import offers_visible_to, with_taken
from sanshe.matching.services.offers import import_offers, read_offer_workbook, save_offer
from sanshe.needs.services.actors import demand
from sanshe.office.offers import OfferTable
from sanshe.organizations.http import PageRequest
from sanshe.organizations.models import Organization
from sanshe.organizations.selectors import REGISTER_DIGITS
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
    words = request.GET.get("q", "").strip()
    if words:
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


def _own(request: PageRequest) -> QuerySet[Organization]:
    return Organization.objects.filter(pk__in=request.scope.organization_pks(*PROVIDERS))


def _form(request: PageRequest, offer: Offer | None) -> HttpResponse:
    own = _own(request)
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


@login_required
def offer_import(request: PageRequest) -> HttpResponse:
    """One page: upload, see what would come in, and bring it in by the second button."""
    demand(may_offer(request.scope))
    form = OfferImportForm(
        request.POST or None, request.FILES or None, organizations=_own(request),
        initial={"organization": _own(request).first()},
    )  # fmt: skip
    table: OfferTable | None = None
    if request.method == "POST" and form.is_valid():
        try:
            table = _read(form.cleaned_data["file"], form.cleaned_data["organization"])
            if request.POST.get("confirm"):
                count = import_offers(
                    organization=form.cleaned_data["organization"], table=table, actor=request.user
                )
                done = ngettext("已导入 %(n)d 项服务资源。", "已导入 %(n)d 项服务资源。", count)
                messages.success(request, done % {"n": count})
                return redirect("matching:offers")
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error("file", str(error.message))
    status = 422 if form.errors else 200
    return render(
        request, "matching/offer_import.html", {"form": form, "table": table}, status=status
    )


def _read(upload: UploadedFile[bytes], organization: Organization) -> OfferTable:
    if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise BadEntry(_("文件太大，请控制在 30 MB 以内。"))
    with TemporaryDirectory() as folder:
        # The name only tells the reader what kind of file to expect.
        path = Path(folder) / f"offers{Path(upload.name or '').suffix[:8]}"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        return read_offer_workbook(path, organization.division_id[:REGISTER_DIGITS])
