"""Reading offers and what a run starts from; never writes."""

from datetime import date

from django.db.models import Count, F, Q, QuerySet

from sanshe.matching.models import MatchStatus, Offer, OfferImport
from sanshe.matching.rules import PROVIDERS, SEEKERS
from sanshe.needs.models import Need, NeedStatus, Study
from sanshe.organizations.models import Role
from sanshe.organizations.scope import Scope
from sanshe.organizations.selectors import REGISTER_DIGITS, organizations_visible_to

#: A need in one of these states still waits for an offer; the later ones of `OPEN_NEEDS` do not.
_UNANSWERED = (NeedStatus.NEW, NeedStatus.CLASSIFIED, NeedStatus.VERIFIED, NeedStatus.PLANNED)


def offers_visible_to(scope: Scope) -> QuerySet[Offer]:
    """Seekers see every offer of the city; providers of other roles their own."""
    own = Q(organization__in=scope.organization_pks(*PROVIDERS, Role.VOL))
    if scope.has(*SEEKERS):
        own |= Q(organization__in=organizations_visible_to(scope).values("pk"))
    return Offer.objects.filter(own).select_related("organization")


def offer_imports_visible_to(scope: Scope) -> QuerySet[OfferImport]:
    """One's own uploads, for organisations whose offers one keeps."""
    return OfferImport.objects.filter(
        actor=scope.user_pk, organization__in=scope.organization_pks(*PROVIDERS)
    ).select_related("organization", "actor")


def with_taken(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    """Each offer with how many units are `taken` by accepted matches and how many are `free`."""
    accepted = Q(matches__status=MatchStatus.ACCEPTED, matches__run__current=True)
    return offers.annotate(taken=Count("matches", filter=accepted)).annotate(
        free=F("capacity") - F("taken")
    )


def offers_for(study: Study, on: date) -> QuerySet[Offer]:
    """The offers of the study's city that are active and not over, with `taken` and `free`."""
    city = study.community_id[:REGISTER_DIGITS]
    return (
        with_taken(Offer.objects.filter(organization__division__code__startswith=city))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), active=True)
        .select_related("organization")
        .prefetch_related("need_types")
        .order_by("pk")
    )


def needs_to_match(study: Study) -> QuerySet[Need]:
    """The needs of a study that wait for an offer, safety first, each merged group once."""
    return Need.objects.filter(study=study, status__in=_UNANSWERED).order_by("-priority", "pk")
