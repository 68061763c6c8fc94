"""Reading offers, runs and their results; never writes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from sanshe.matching.models import Gap, Match, MatchRun, MatchStatus, Offer, OfferImport
from sanshe.matching.rules import PROVIDERS, SEEKERS, may_see_safety
from sanshe.needs.models import Need, NeedStatus, Study
from sanshe.needs.selectors import studies_visible_to
from sanshe.organizations.models import Role
from sanshe.organizations.scope import Scope
from sanshe.organizations.selectors import REGISTER_DIGITS, organizations_visible_to

#: A need in one of these states waits for an answer.
OPEN = (NeedStatus.NEW, NeedStatus.CLASSIFIED, NeedStatus.VERIFIED, NeedStatus.PLANNED)


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
    """The open needs of a study, safety first, each merged group once."""
    return Need.objects.filter(study=study, status__in=OPEN).order_by("-priority", "pk")


def runs_visible_to(scope: Scope) -> QuerySet[MatchRun]:
    """The runs of every study the person may open."""
    return MatchRun.objects.filter(study__in=studies_visible_to(scope).values("pk")).select_related(
        "study__community", "study__organization", "actor"
    )


def matches_of(run: MatchRun, scope: Scope) -> QuerySet[Match]:
    """The matches of a run; those of safety needs only for people close to the study."""
    matches = Match.objects.filter(run=run)
    if not may_see_safety(scope, run.study):
        matches = matches.filter(need__safety=False)
    return matches.select_related(
        "need__need_type", "offer__organization", "next_best", "decided_by"
    ).order_by("-need__safety", "-need__priority", "pk")


def gaps_of(run: MatchRun, scope: Scope) -> QuerySet[Gap]:
    """The needs of a run that nobody could take."""
    gaps = Gap.objects.filter(run=run)
    if not may_see_safety(scope, run.study):
        gaps = gaps.filter(need__safety=False)
    return gaps.select_related(
        "need__need_type__field", "need__community", "nearest_offer__organization"
    ).order_by("-need__safety", "-need__priority", "pk")


def matches_visible_to(scope: Scope) -> QuerySet[Match]:
    """Matches of the runs a person may open, safety needs left to those close to the study."""
    runs = runs_visible_to(scope).values("pk")
    return Match.objects.filter(run__in=runs).select_related("run__study", "need", "offer")


@dataclass(frozen=True)
class BandRow:
    """How one band fared in a run."""

    band: str
    label: str
    needs: int
    served: int
    fit: float


def bands_of(matches: Iterable[Match], gaps: Iterable[Gap]) -> list[BandRow]:
    """The bands in their order, with how many needs each has and how many were served."""
    labels: dict[str, str] = {}
    served: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    fits: dict[str, list[float]] = {}
    for match in matches:
        labels[match.need.band] = match.need.get_band_display()
        served[match.need.band] += 1
        fits.setdefault(match.need.band, []).append(match.fit)
    for gap in gaps:
        labels[gap.need.band] = gap.need.get_band_display()
        missed[gap.need.band] += 1
    return [
        BandRow(
            band,
            labels[band],
            served[band] + missed[band],
            served[band],
            sum(fits.get(band, [])) / served[band] if served[band] else 0.0,
        )
        for band in ("P0", "A", "B", "C", "D")
        if band in labels
    ]


@dataclass(frozen=True)
class Difference:
    """What a run changed against the one before it."""

    previous: MatchRun
    gained: int
    lost: int
    moved: int


def difference_to_previous(run: MatchRun) -> Difference | None:
    """Needs newly served, no longer served, and given another offer; None for a first run."""
    previous = MatchRun.objects.filter(study_id=run.study_id, pk__lt=run.pk).first()
    if previous is None:
        return None
    before = dict(Match.objects.filter(run=previous).values_list("need_id", "offer_id"))
    now = dict(Match.objects.filter(run=run).values_list("need_id", "offer_id"))
    return Difference(
        previous,
        gained=len(now.keys() - before.keys()),
        lost=len(before.keys() - now.keys()),
        moved=sum(before[need] != offer for need, offer in now.items() if need in before),
    )
