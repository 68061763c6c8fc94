"""Deciding about matches: the last unit goes once, and only today's result counts."""

import threading

import pytest
from django.db import connection, connections

from sanshe.core.errors import BadEntry, NotNow, NotPermitted
from sanshe.matching.models import Match, MatchStatus
from sanshe.matching.services.decisions import Decision, decide_match
from sanshe.matching.tests.factories import make_match, make_offer, make_run
from sanshe.needs.tests.factories import make_need, make_study
from sanshe.organizations.tests.factories import make_cast


@pytest.mark.django_db
def test_the_last_unit_is_given_once() -> None:
    cast = make_cast()
    offer = make_offer(capacity=1)
    matches = []
    for title in ("甲", "乙"):
        study = make_study(title, organization=cast.agency, community=cast.community)
        matches.append(make_match(make_run(study), make_need(study), offer))
    decide_match(match=matches[0], decision=Decision.ACCEPT, actor=cast.social_worker)
    with pytest.raises(NotNow):
        decide_match(match=matches[1], decision=Decision.ACCEPT, actor=cast.social_worker)
    decide_match(match=matches[0], decision=Decision.RECONSIDER, actor=cast.social_worker)
    decide_match(match=matches[1], decision=Decision.ACCEPT, actor=cast.social_worker)
    assert Match.objects.filter(status=MatchStatus.ACCEPTED).get() == matches[1]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_take_the_last_unit_together_get_it_once() -> None:
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("an in-memory SQLite database cannot be shared between threads")
    cast = make_cast()
    offer = make_offer(capacity=1)
    matches = []
    for number in range(4):
        study = make_study(f"调研{number}", organization=cast.agency, community=cast.community)
        matches.append(make_match(make_run(study), make_need(study), offer))
    start = threading.Barrier(len(matches))
    outcomes: list[str] = []

    def take(match: Match) -> None:
        try:
            start.wait()
            decide_match(match=match, decision=Decision.ACCEPT, actor=cast.social_worker)
            outcomes.append("taken")
        except NotNow:
            outcomes.append("too late")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=(match,)) for match in matches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["taken", "too late", "too late", "too late"]


@pytest.mark.django_db
def test_an_older_run_can_only_be_read() -> None:
    cast = make_cast()
    study = make_study(organization=cast.agency, community=cast.community)
    match = make_match(make_run(study, current=False), make_need(study), make_offer())
    with pytest.raises(NotNow):
        decide_match(match=match, decision=Decision.ACCEPT, actor=cast.social_worker)


@pytest.mark.django_db
def test_the_committee_of_the_community_may_decide_and_strangers_may_not() -> None:
    cast = make_cast()
    study = make_study(organization=cast.agency, community=cast.community)
    match = make_match(make_run(study), make_need(study), make_offer())
    for person in (cast.stranger, cast.strange_community_worker, cast.town_officer):
        with pytest.raises(NotPermitted):
            decide_match(match=match, decision=Decision.ACCEPT, actor=person)
    decide_match(match=match, decision=Decision.ACCEPT, actor=cast.community_worker)


@pytest.mark.django_db
def test_an_unknown_decision_and_a_pin_on_a_refused_match_are_refused() -> None:
    cast = make_cast()
    study = make_study(organization=cast.agency, community=cast.community)
    match = make_match(make_run(study), make_need(study), make_offer())
    with pytest.raises(BadEntry):
        decide_match(match=match, decision="burn", actor=cast.social_worker)
    decide_match(match=match, decision=Decision.REFUSE, actor=cast.social_worker, note="太远")
    with pytest.raises(NotNow):
        decide_match(match=match, decision=Decision.PIN, actor=cast.social_worker)
