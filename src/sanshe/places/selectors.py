"""Reading places."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from sanshe.engine.gazetteer import Gazetteer, Place
from sanshe.places.models import Division, Level
from sanshe.places.rules import Reach, may_see_places


def in_force(on: date | None = None) -> Q:
    """Divisions that exist on a day (today where none is named)."""
    on = on or timezone.localdate()
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=on)) & (
        Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    )


def under(prefixes: Iterable[str], field: str = "code") -> Q:
    """A filter for everything whose code in `field` begins with one of the prefixes.

    No prefix reaches nothing.
    """
    found = Q(pk__in=())
    for prefix in prefixes:
        found |= Q(**{f"{field}__startswith": prefix})
    return found


def communities_under(prefixes: Iterable[str]) -> QuerySet[Division]:
    """The communities and villages of today inside the places, with their towns, by code."""
    return (
        Division.objects.filter(under(prefixes), in_force(), level=Level.COMMUNITY)
        .select_related("parent")
        .order_by("code")
    )


def towns_under(prefixes: Iterable[str]) -> QuerySet[Division]:
    """The towns of today inside the places; the town around a community counts too."""
    reached = Q(pk__in=())
    for prefix in prefixes:
        reached |= Q(code__startswith=prefix[:9])
    return Division.objects.filter(reached, in_force(), level=Level.TOWN).order_by("code")


def gazetteer(prefix: str = "") -> Gazetteer:
    """Every way of writing the communities inside `prefix` (all, where it is empty).

    Kept in memory until a division changes; asking costs one small query. Where the whole country
    is loaded, name a county: all 620,000 communities take minutes to list and gigabytes to keep.
    """
    version = Division.objects.filter(code__startswith=prefix).aggregate(
        rows=Count("code"), latest=Max("updated_at")
    )
    return _gazetteer(prefix, version["rows"], version["latest"], timezone.localdate())


@lru_cache(maxsize=8)
def _gazetteer(prefix: str, rows: int, latest: datetime | None, on: date) -> Gazetteer:
    around = Q(code__startswith=prefix)
    # The places around the prefix are part of how its communities are written (石狮市花园城社区).
    for digits in (2, 4, 6, 9):
        if digits < len(prefix):
            around |= Q(code=prefix[:digits].ljust(12, "0"))
    divisions = Division.objects.filter(around, in_force(on)).select_related("parent")
    return Gazetteer(
        Place(
            code=division.code,
            parent=division.parent_id or "",
            level="unit" if division.level == Level.COMMUNITY else str(division.level),
            name=division.name,
            short_name=division.short_name,
            town_name=division.parent.name
            if division.level == Level.COMMUNITY and division.parent
            else "",
        )
        for division in divisions.iterator(chunk_size=5000)
    )


def divisions_visible_to(reach: Reach) -> QuerySet[Division]:
    """All divisions for whoever has a role that reads them, with the place above."""
    divisions = Division.objects.select_related("parent")
    return divisions if may_see_places(reach) else divisions.none()


def home_county(reach: Reach) -> Division | None:
    """The county a person's lists begin with: that of a role, else the only one there is."""
    counties = Division.objects.filter(in_force(), level=Level.COUNTY)
    for prefix in sorted(reach.prefixes(*reach.roles)):
        found = counties.filter(code=prefix[:6].ljust(12, "0")).first()
        if found is not None:
            return found
    two = list(counties[:2])
    return two[0] if len(two) == 1 else None


def above(division: Division) -> list[Division]:
    """The places around a division, the largest first. One query."""
    codes = [division.code[:digits].ljust(12, "0") for digits in (2, 4, 6, 9)]
    found = Division.objects.filter(code__in=codes).exclude(code=division.code)
    return [place for place in found.order_by("code") if division.code.startswith(place.prefix)]
