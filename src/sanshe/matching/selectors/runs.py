"""Reading runs and their results; never writes."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Max, Q, QuerySet

from sanshe.matching.models import Gap, Match, MatchRun
from sanshe.matching.rules import may_see_safety
from sanshe.needs.models import Band
from sanshe.needs.selectors import studies_visible_to
from sanshe.organizations.scope import Scope
from sanshe.places.models import Division
from sanshe.taxonomy.models import Field


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
class Totals:
    """How many rows each part of a run's page has."""

    matched: int
    gaps: int
    decided: int


def totals_of(matches: QuerySet[Match], gaps: QuerySet[Gap]) -> Totals:
    """Two queries."""
    counts = matches.order_by().aggregate(
        matched=Count("pk"), decided=Count("pk", filter=~Match.UNDECIDED)
    )
    return Totals(counts["matched"], gaps.order_by().count(), counts["decided"])


def hidden_safety_of(run: MatchRun, scope: Scope) -> int:
    """How many safety needs of a run this person is only told the number of."""
    if may_see_safety(scope, run.study):
        return 0
    found = {"run": run, "need__safety": True}
    return Match.objects.filter(**found).count() + Gap.objects.filter(**found).count()


@dataclass(frozen=True)
class BandRow:
    """How one band fared in a run."""

    band: str
    label: str
    served: int
    missed: int
    fit: float

    @property
    def needs(self) -> int:
        return self.served + self.missed


def bands_of(matches: QuerySet[Match], gaps: QuerySet[Gap]) -> list[BandRow]:
    """The bands in their order, with how many needs each has and how many were served."""
    served = {
        band: (number, fit)
        for band, number, fit in matches.order_by()
        .values("need__band")
        .annotate(number=Count("pk"), mean=Avg("fit"))
        .values_list("need__band", "number", "mean")
    }
    missed = dict(
        gaps.order_by().values("need__band").annotate(number=Count("pk")).values_list(
            "need__band", "number"
        )
    )  # fmt: skip
    return [
        BandRow(
            band.value,
            str(band.label),
            served.get(band.value, (0, 0.0))[0],
            missed.get(band.value, 0),
            served.get(band.value, (0, 0.0))[1],
        )
        for band in Band
        if band.value in served or band.value in missed
    ]


@dataclass(frozen=True)
class GapGroup:
    """The needs of one field in one place that nobody could take; `bands` in their order."""

    field: Field
    place: Division
    total: int
    bands: tuple[tuple[str, int], ...]


def gap_groups_of(gaps: QuerySet[Gap]) -> list[GapGroup]:
    """The gaps by field and place, the most pressing first. Three queries."""
    rows: list[Any] = list(
        gaps.order_by()
        .values("need__need_type__field", "need__community")
        .annotate(
            total=Count("pk"),
            most=Max("need__priority"),
            **{_counted(band): Count("pk", filter=Q(need__band=band)) for band in Band.values},
        )
        .order_by("-most", "-total", "need__need_type__field", "need__community")
    )
    fields = Field.objects.in_bulk([row["need__need_type__field"] for row in rows])
    places = Division.objects.in_bulk([row["need__community"] for row in rows])
    return [
        GapGroup(
            fields[row["need__need_type__field"]],
            places[row["need__community"]],
            row["total"],
            tuple((band, row[_counted(band)]) for band in Band.values if row[_counted(band)]),
        )
        for row in rows
    ]


def _counted(band: str) -> str:
    return f"in_{band.lower()}"


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
