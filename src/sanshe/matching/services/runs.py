"""One run: the study's open needs against the city's offers, stored with its proof and reasons."""

from dataclasses import asdict
from datetime import date
from time import perf_counter

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry
from sanshe.core.history import record
from sanshe.engine.candidates import FitWeights, NeedRow, OfferRow, Pairs, feasible_pairs
from sanshe.engine.explain import Explanation, explain, reason, why_not
from sanshe.engine.match import Assignment, match
from sanshe.matching.models import Aim, Gap, Match, MatchRun, MatchStatus, Offer, RunStatus
from sanshe.matching.rules import may_run
from sanshe.matching.selectors import needs_to_match, offers_for
from sanshe.needs.models import Need, Study
from sanshe.needs.services.actors import demand, scope_today


@transaction.atomic
def run_match(*, study: Study, actor: User, aim: str = Aim.BANDS) -> MatchRun:
    """Match the open needs of a study and keep the result as its newest run.

    What people accepted or pinned is kept; pairs they refused do not come back.

    Raises:
        NotPermitted: the person does not match for this study.
        BadEntry: the study has no open need, or the city no offer.
    """
    started = perf_counter()
    # The lock makes two people who press the button together wait for each other.
    study = Study.objects.select_for_update().get(pk=study.pk)
    demand(may_run(scope_today(actor), study))
    today = timezone.localdate()
    needs = list(needs_to_match(study))
    offers = list(offers_for(study, today))
    if not needs:
        raise BadEntry(_("还没有可匹配的需求：请先在“需求”页把居民原话整理成需求。"))
    if not offers:
        raise BadEntry(_("本市还没有可用的服务资源：请先登记或导入服务资源。"))
    kept = _kept(study)
    rows = [_need_row(need, today) for need in needs]
    # Units that this study itself has accepted are free to be kept again.
    accepted = [m.offer_id for m in kept.values() if m.status == MatchStatus.ACCEPTED]
    held = [accepted.count(offer.pk) for offer in offers]
    supply = [_offer_row(offer, extra) for offer, extra in zip(offers, held, strict=True)]
    pairs = feasible_pairs(rows, supply, forbidden=_refused(study))
    pins = _pins(needs, offers, pairs, kept)
    result = match(rows, supply, pairs, objective=aim, pinned=pins)
    told = explain(rows, supply, pairs, result)
    MatchRun.objects.filter(study=study, current=True).update(current=False)
    run = MatchRun.objects.create(
        study=study,
        actor=actor,
        aim=aim,
        status=RunStatus.OPTIMAL if result.gap == 0 else RunStatus.BOUNDED,
        needs=len(needs),
        offers=len(offers),
        pairs=len(pairs.offer),
        objective=result.objective,
        upper_bound=result.upper_bound,
        gap=result.gap,
        seconds=round(perf_counter() - started, 3),
        weights=asdict(FitWeights()),
    )
    _store(run, needs, offers, supply, result, told, kept)
    record(run, "create", actor=actor, changes={"needs": len(needs), "gap": result.gap})
    return run


def _need_row(need: Need, today: date) -> NeedRow:
    return NeedRow(
        id=str(need.pk),
        leaves=(need.need_type_id,),
        community=need.community_id,
        people=need.people_affected or 1,
        priority=need.priority / 100,
        band=need.band,
        target_group=need.target_group,
        languages=tuple(need.languages),
        date_from=today,
    )


def _offer_row(offer: Offer, held: int) -> OfferRow:
    return OfferRow(
        id=str(offer.pk),
        leaves=tuple(leaf.pk for leaf in offer.need_types.all()),
        capacity=offer.capacity,
        catchment=tuple(offer.catchment),
        provider=offer.organization.name,
        kind=offer.kind,
        title=offer.title,
        target_groups=tuple(offer.target_groups),
        languages=tuple(offer.languages),
        unit_cost_fen=offer.unit_cost_fen,
        valid_from=offer.valid_from,
        valid_to=offer.valid_to,
        minors_cleared=offer.minors_cleared,
        free=max(0, offer.capacity - offer.taken + held),  # type: ignore[attr-defined]
    )


def _kept(study: Study) -> dict[int, Match]:
    """By need: the match of the newest run that people accepted or pinned."""
    newest = Match.objects.filter(run__study=study, run__current=True)
    return {
        m.need_id: m
        for m in newest.exclude(status=MatchStatus.REFUSED)
        if m.pinned or m.status == MatchStatus.ACCEPTED
    }


def _refused(study: Study) -> frozenset[tuple[str, str]]:
    refused = Match.objects.filter(run__study=study, status=MatchStatus.REFUSED)
    return frozenset(
        (str(need), str(offer)) for need, offer in refused.values_list("need_id", "offer_id")
    )


def _pins(
    needs: list[Need], offers: list[Offer], pairs: Pairs, kept: dict[int, Match]
) -> list[tuple[int, int]]:
    """(need, pair) for what is kept and still feasible; the rest goes back into the pool."""
    index = {offer.pk: j for j, offer in enumerate(offers)}
    pins = []
    for i, need in enumerate(needs):
        if (held := kept.get(need.pk)) is None:
            continue
        wanted = index.get(held.offer_id)
        pins += [(i, k) for k in pairs.of(i) if pairs.offer[k] == wanted]
    return pins


def _store(
    run: MatchRun,
    needs: list[Need],
    offers: list[Offer],
    supply: list[OfferRow],
    result: Assignment,
    told: list[Explanation],
    kept: dict[int, Match],
) -> None:
    matches, gaps = [], []
    for need, story in zip(needs, told, strict=True):
        beside = None if story.next_best is None else offers[story.next_best]
        said = {"reason": reason(story, supply), "reason_en": reason(story, supply, "en")}
        if story.offer is None:
            gaps.append(Gap(run=run, need=need, code=story.code, nearest_offer=beside, **said))
            continue
        offer = offers[story.offer]
        before = kept.get(need.pk)
        if before is not None and before.offer_id != offer.pk:
            before = None
        matches.append(
            Match(
                run=run,
                need=need,
                offer=offer,
                fit=story.fit,
                components=dict(story.parts),
                next_best=beside,
                why_not=why_not(story, supply),
                why_not_en=why_not(story, supply, "en"),
                status=before.status if before else MatchStatus.SUGGESTED,
                pinned=before.pinned if before else False,
                decided_by=before.decided_by if before else None,
                **said,
            )
        )
    Match.objects.bulk_create(matches, batch_size=500)
    Gap.objects.bulk_create(gaps, batch_size=500)
