"""Running a matching: what is matched, what is kept, what does not come back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from sanshe.core.errors import BadEntry, NotPermitted
from sanshe.core.models import HistoryLine
from sanshe.matching.models import Gap, Match, MatchStatus, RunStatus
from sanshe.matching.services.decisions import Decision, decide_match
from sanshe.matching.services.runs import run_match
from sanshe.matching.tests.factories import make_offer
from sanshe.needs.models import Band, NeedStatus, Study
from sanshe.needs.tests.factories import make_need, make_need_type, make_study
from sanshe.organizations.tests.factories import Cast, make_organization

pytestmark = pytest.mark.django_db


def test_open_needs_get_offers_and_the_proof_is_kept(cast: Cast, study: Study) -> None:
    need = make_need(study)
    offer = make_offer()
    run = run_match(study=study, actor=cast.social_worker)
    match = Match.objects.get(run=run)
    assert (match.need, match.offer, match.status) == (need, offer, MatchStatus.SUGGESTED)
    assert (run.status, run.gap, run.current) == (RunStatus.OPTIMAL, 0, True)
    assert match.components["place"] == 0.7
    assert match.reason and match.reason_en
    assert HistoryLine.objects.filter(subject="matching.matchrun", verb="create").exists()


def test_the_more_urgent_need_gets_the_only_unit_and_the_other_is_a_gap(
    cast: Cast, study: Study
) -> None:
    later = make_need(study, "以后再说", band=Band.C, priority=40)
    urgent = make_need(study, "很急", band=Band.A, priority=80)
    make_offer()
    run = run_match(study=study, actor=cast.social_worker)
    assert Match.objects.get(run=run).need == urgent
    gap = Gap.objects.get(run=run)
    assert (gap.need, gap.code) == (later, "full")


def test_safety_needs_come_before_every_other(cast: Cast, study: Study) -> None:
    make_need(study, "优先立项", band=Band.A, priority=90)
    safety = make_need(study, "孩子身上有伤", safety=True)
    make_offer()
    run = run_match(study=study, actor=cast.social_worker)
    assert Match.objects.get(run=run).need == safety


@pytest.mark.parametrize(
    "status", [NeedStatus.DEFERRED, NeedStatus.CLOSED, NeedStatus.TOLD, NeedStatus.ANSWERED]
)
def test_needs_that_wait_for_nothing_are_not_matched(cast: Cast, study: Study, status: str) -> None:
    make_need(study, status=status)
    make_offer()
    with pytest.raises(BadEntry):
        run_match(study=study, actor=cast.social_worker)


def test_inactive_and_expired_offers_are_left_out(cast: Cast, study: Study) -> None:
    make_need(study)
    make_offer("停用的", active=False)
    make_offer("过期的", valid_to=timezone.localdate() - timedelta(days=1))
    with pytest.raises(BadEntry):
        run_match(study=study, actor=cast.social_worker)


def test_accepted_and_pinned_matches_are_kept_by_the_next_run(cast: Cast, study: Study) -> None:
    first, second = make_need(study, "甲"), make_need(study, "乙")
    make_offer("近", catchment=("350581001006",))
    make_offer("远", catchment=("350581",))
    run = run_match(study=study, actor=cast.social_worker)
    before = dict(Match.objects.filter(run=run).values_list("need", "offer"))
    kept = Match.objects.get(run=run, need=first)
    decide_match(match=kept, decision=Decision.ACCEPT, actor=cast.social_worker)
    other = Match.objects.get(run=run, need=second)
    decide_match(match=other, decision=Decision.PIN, actor=cast.social_worker)
    again = run_match(study=study, actor=cast.social_worker)
    run.refresh_from_db()
    assert not run.current
    assert dict(Match.objects.filter(run=again).values_list("need", "offer")) == before
    assert Match.objects.get(run=again, need=first).status == MatchStatus.ACCEPTED
    assert Match.objects.get(run=again, need=second).pinned


def test_a_refused_pair_does_not_come_back(cast: Cast, study: Study) -> None:
    make_need(study)
    make_offer("近", catchment=("350581001006",))
    far = make_offer("远", catchment=("350581",))
    run = run_match(study=study, actor=cast.social_worker)
    decide_match(
        match=Match.objects.get(run=run), decision=Decision.REFUSE, actor=cast.social_worker,
        note="提供方忙不过来",
    )  # fmt: skip
    again = run_match(study=study, actor=cast.social_worker)
    assert Match.objects.get(run=again).offer == far


def test_a_refusal_says_why(cast: Cast, study: Study) -> None:
    make_need(study)
    make_offer()
    match = Match.objects.get(run=run_match(study=study, actor=cast.social_worker))
    with pytest.raises(BadEntry):
        decide_match(match=match, decision=Decision.REFUSE, actor=cast.social_worker, note=" ")
    match.refresh_from_db()
    assert match.status == MatchStatus.SUGGESTED


def test_units_taken_by_another_study_are_not_given_twice(cast: Cast, study: Study) -> None:
    need_type = make_need_type()
    make_need(study, need_type=need_type)
    make_offer(capacity=1)
    run = run_match(study=study, actor=cast.social_worker)
    decide_match(
        match=Match.objects.get(run=run), decision=Decision.ACCEPT, actor=cast.social_worker
    )
    other = make_study("另一项调研", organization=cast.agency, community=cast.community)
    make_need(other, need_type=need_type)
    second = run_match(study=other, actor=cast.social_worker)
    assert not Match.objects.filter(run=second).exists()
    assert Gap.objects.get(run=second).code == "blocked"


def test_only_those_who_carry_out_the_study_match_for_it(cast: Cast, study: Study) -> None:
    make_need(study)
    make_offer()
    for person in (cast.stranger, cast.strange_community_worker, cast.town_officer):
        with pytest.raises(NotPermitted):
            run_match(study=study, actor=person)


def test_offers_of_another_city_are_not_used(cast: Cast, study: Study) -> None:
    make_need(study)
    elsewhere = make_organization("外地机构", division="350203001001")
    make_offer(organization=elsewhere, catchment=())
    with pytest.raises(BadEntry):
        run_match(study=study, actor=cast.social_worker)


def test_the_match_follows_the_offer_window(cast: Cast, study: Study) -> None:
    make_need(study)
    make_offer(valid_to=date(2099, 1, 1))
    run = run_match(study=study, actor=cast.social_worker)
    assert Match.objects.get(run=run).components["time"] == 1.0
