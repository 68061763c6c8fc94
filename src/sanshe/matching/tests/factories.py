"""Offers and runs for tests."""

from datetime import date

from sanshe.matching.models import Gap, Match, MatchRun, Offer, OfferKind, RunStatus
from sanshe.needs.models import Need, Study
from sanshe.needs.tests.factories import make_need_type
from sanshe.organizations.models import Organization
from sanshe.organizations.tests.factories import make_organization


def make_offer(
    title: str = "长者食堂",
    *,
    organization: Organization | None = None,
    codes: tuple[str, ...] = ("ENV03",),
    capacity: int = 1,
    catchment: tuple[str, ...] = ("350581001",),
    kind: str = OfferKind.ACTIVITY,
    valid_to: date | None = None,
    minors_cleared: bool = True,
    active: bool = True,
) -> Offer:
    """An offer for 湖滨街道 that answers ENV03."""
    offer = Offer.objects.create(
        organization=organization or make_organization(),
        kind=kind,
        title=title,
        capacity=capacity,
        catchment=list(catchment),
        valid_to=valid_to,
        minors_cleared=minors_cleared,
        active=active,
    )
    offer.need_types.set([make_need_type(code) for code in codes])
    return offer


def make_run(study: Study, *, current: bool = True) -> MatchRun:
    """An empty run of a study."""
    return MatchRun.objects.create(
        study=study, status=RunStatus.OPTIMAL, needs=0, offers=0, pairs=0, objective=0,
        upper_bound=0, gap=0, seconds=0.1, current=current,
    )  # fmt: skip


def make_match(run: MatchRun, need: Need, offer: Offer) -> Match:
    """A suggested match."""
    parts = {"leaf": 1.0, "place": 0.7, "target": 0.5, "capacity": 1.0, "time": 1.0}
    run.needs += 1
    run.save(update_fields=["needs"])
    return Match.objects.create(
        run=run, need=need, offer=offer, fit=0.8, components=parts, reason="同一需求类型"
    )


def make_gap(run: MatchRun, need: Need, nearest: Offer | None = None) -> Gap:
    """A need of a run that no offer could take."""
    run.needs += 1
    run.save(update_fields=["needs"])
    return Gap.objects.create(run=run, need=need, reason="没有名额", nearest_offer=nearest)
