"""The flow of a need: every verb from every status, who may, and what must be said."""

import pytest

from sanshe.core.errors import BadEntry, NotNow, NotPermitted
from sanshe.core.models import HistoryLine
from sanshe.needs.models import NEED_FLOW, NeedMove, NeedStatus
from sanshe.needs.rules import need_moves_for
from sanshe.needs.services.actors import scope_today
from sanshe.needs.services.moves import move_need, plan_needs
from sanshe.needs.tests.factories import make_need, make_study
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import make_cast, make_member

pytestmark = pytest.mark.django_db
BY_BUTTON = [
    verb for verb in NeedMove
    if verb not in {NeedMove.MERGE, NeedMove.UNMERGE, NeedMove.PLAN}
]  # fmt: skip


def a_need(status: str, **kwargs):
    need = make_need(make_study(), status=NeedStatus.NEW, **kwargs)
    if status == NeedStatus.MERGED:
        need.merged_into = make_need(need.study, "主需求")
    need.status = status
    need.answer = "已经答复"
    need.save()
    return need


@pytest.mark.parametrize("status", NeedStatus)
@pytest.mark.parametrize("verb", BY_BUTTON)
def test_a_move_starts_only_from_its_sources(status, verb):
    cast = make_cast()
    need = a_need(status)
    if status in NEED_FLOW.moves[verb].sources:
        moved = move_need(need=need, verb=verb, actor=cast.social_worker, note="说明")
        assert moved.status == NEED_FLOW.target(verb, status)
        line = HistoryLine.objects.filter(subject="needs.need", subject_pk=str(need.pk)).first()
        assert (line.verb, line.actor) == (verb, cast.social_worker)
    else:
        with pytest.raises(NotNow):
            move_need(need=need, verb=verb, actor=cast.social_worker, note="说明")
        need.refresh_from_db()
        assert need.status == status


@pytest.mark.parametrize("verb", [NeedMove.MERGE, NeedMove.UNMERGE, NeedMove.PLAN])
def test_merging_and_planning_have_doors_of_their_own(verb):
    cast = make_cast()
    with pytest.raises(NotNow):
        move_need(need=a_need(NeedStatus.VERIFIED), verb=verb, actor=cast.social_worker)


@pytest.mark.parametrize("verb", [NeedMove.REFER, NeedMove.ANSWER, NeedMove.DEFER, NeedMove.TELL])
def test_a_move_that_must_say_why_is_refused_in_silence(verb):
    cast = make_cast()
    source = sorted(NEED_FLOW.moves[verb].sources)[0]
    need = a_need(source)
    with pytest.raises(BadEntry):
        move_need(need=need, verb=verb, actor=cast.social_worker, note="  ")


def test_telling_keeps_the_words_and_nothing_closes_without_them():
    cast = make_cast()
    need = make_need(make_study(), status=NeedStatus.DEFERRED)
    need = move_need(need=need, verb=NeedMove.TELL, actor=cast.social_worker, note="明年安排")
    assert need.answer == "明年安排"
    need.answer = ""
    need.save()
    with pytest.raises(BadEntry):
        move_need(need=need, verb=NeedMove.CLOSE, actor=cast.social_worker)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("social_worker", True),
        ("manager", True),
        ("community_worker", True),
        ("supervisor", False),
        ("stranger", False),
        ("strange_community_worker", False),
    ],
)
def test_who_verifies_a_need(role, allowed):
    cast = make_cast()
    need = make_need(make_study(), status=NeedStatus.CLASSIFIED)
    actor = getattr(cast, role)
    if allowed:
        assert move_need(need=need, verb=NeedMove.VERIFY, actor=actor).status == "verified"
    else:
        with pytest.raises(NotPermitted):
            move_need(need=need, verb=NeedMove.VERIFY, actor=actor)


def test_the_town_answers_ordinary_needs_but_never_safety_ones():
    cast = make_cast()
    study = make_study()
    town = scope_today(cast.town_officer)
    ordinary = make_need(study, status=NeedStatus.CLASSIFIED)
    safety = make_need(study, status=NeedStatus.CLASSIFIED, safety=True)
    assert NeedMove.ANSWER in need_moves_for(town, ordinary)
    assert NeedMove.VERIFY not in need_moves_for(town, ordinary)
    assert need_moves_for(town, safety) == []


def test_a_second_officer_is_told_that_a_colleague_was_quicker():
    cast = make_cast()
    need = make_need(make_study(), status=NeedStatus.CLASSIFIED)
    stale = type(need).objects.get(pk=need.pk)
    move_need(need=need, verb=NeedMove.VERIFY, actor=cast.social_worker)
    with pytest.raises(NotNow):
        move_need(need=stale, verb=NeedMove.VERIFY, actor=cast.community_worker)


def test_approval_plans_needs_by_way_of_their_verification():
    cast = make_cast()
    study = make_study()
    classified = make_need(study, status=NeedStatus.CLASSIFIED)
    answered = make_need(study, status=NeedStatus.ANSWERED)
    moved = plan_needs(needs=[classified, answered], actor=cast.community_worker, note="方案通过")
    assert [need.pk for need in moved] == [classified.pk]
    classified.refresh_from_db()
    assert classified.status == NeedStatus.PLANNED
    lines = HistoryLine.objects.filter(subject_pk=str(classified.pk), subject="needs.need")
    assert [line.verb for line in lines] == ["plan", "verify"]


def test_safety_needs_are_never_planned():
    cast = make_cast()
    need = make_need(make_study(), status=NeedStatus.VERIFIED, safety=True)
    with pytest.raises(BadEntry):
        plan_needs(needs=[need], actor=cast.community_worker, note="")


def test_only_the_community_plans():
    cast = make_cast()
    need = make_need(make_study(), status=NeedStatus.VERIFIED)
    with pytest.raises(NotPermitted):
        plan_needs(needs=[need], actor=cast.social_worker, note="")
    with pytest.raises(NotPermitted):
        plan_needs(needs=[need], actor=make_member(Role.CITY), note="")
