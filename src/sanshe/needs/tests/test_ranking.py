"""Priority: computed from what is known, kept with the weights it was computed by."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from sanshe.core.errors import NotPermitted
from sanshe.engine.rank import Weights
from sanshe.needs.models import Need, WeightSet
from sanshe.needs.selectors.needs import assumed_reason, priority_parts, weights_of
from sanshe.needs.services.describing import NeedFacts, edit_need
from sanshe.needs.services.ranking import rank_study, set_weights
from sanshe.needs.tests.factories import (
    make_interview,
    make_need,
    make_need_type,
    make_statement,
    make_study,
)
from sanshe.organizations.tests.factories import make_cast
from sanshe.places.tests.factories import make_division
from sanshe.taxonomy.defaults import load_defaults

pytestmark = pytest.mark.django_db
URGENT = Weights(severity=0.1, urgency=0.6, reach=0.1, evidence=0.1, feasibility=0.1)


def test_the_points_of_the_parts_add_up_to_the_priority():
    study = make_study()
    need = make_need(study, voices=3)
    rank_study(study)
    need.refresh_from_db()
    assert sum(part.points for part in priority_parts(need)) == pytest.approx(
        need.priority, abs=0.1
    )
    assert {part.name for part in priority_parts(need) if part.default} >= {"severity", "evidence"}


def test_the_type_stands_in_until_a_person_rates():
    study = make_study()
    need = make_need(study, need_type=make_need_type("SAF02"), voices=1)
    rank_study(study)
    need.refresh_from_db()
    before = {part.name: part for part in priority_parts(need)}
    assert (before["severity"].scale, before["severity"].basis) == (5, "默认值（类型）")
    assert assumed_reason(need) == load_defaults()["SAF02"].reason_zh
    need.severity, need.urgency, need.feasibility = 2, 2, 2
    need.save()
    rank_study(study)
    need.refresh_from_db()
    after = {part.name: part for part in priority_parts(need)}
    assert (after["severity"].scale, after["severity"].basis) == (2, "人工评定")
    assert assumed_reason(need) == ""


def test_another_type_gives_other_defaults_at_once():
    cast, study = make_cast(), make_study()
    need = make_need(study, need_type=make_need_type("EDU03"), voices=1)
    rank_study(study)
    need.refresh_from_db()
    assert (need.components["severity"], need.components["feasibility"]) == (0.0, 1.0)
    edit_need(need=need, facts=NeedFacts(make_need_type("SAF02")), actor=cast.manager)
    need.refresh_from_db()
    assert (need.components["severity"], need.components["feasibility"]) == (1.0, 0.5)


def test_words_that_say_it_cannot_wait_raise_the_default_and_are_shown():
    study = make_study()
    voice = make_statement(make_interview(study), "台风前能不能先把沟挖一挖")
    need = make_need(study, need_type=make_need_type("ENV06"), statements=[voice])
    rank_study(study)
    need.refresh_from_db()
    urgency = next(part for part in priority_parts(need) if part.name == "urgency")
    assert (urgency.scale, urgency.basis) == (4, "默认值（类型），由话中“台风前”上调一级")


def test_the_page_shows_where_each_component_comes_from():
    cast, study = make_cast(), make_study()
    need = make_need(study, need_type=make_need_type("SAF02"), voices=1)
    need.urgency = 2
    need.save()
    rank_study(study)
    client = Client()
    client.force_login(cast.manager)
    page = client.get(reverse("needs:need", args=[need.pk])).text
    for words in ("默认值（类型） · 5/5", "人工评定 · 2/5", "按原话占比推算"):
        assert words in page
    assert load_defaults()["SAF02"].reason_zh in page
    form = client.get(reverse("needs:need_edit", args=[need.pk])).text
    assert "不评按这类需求的默认值 5 计算" in form


def test_reach_uses_residents_where_they_are_known():
    study = make_study(community=make_division(residents=1000))
    need = make_need(study, voices=1)
    need.people_affected = 25
    need.save()
    rank_study(study)
    need.refresh_from_db()
    assert need.components["reach"] == 0.5 and "reach" not in need.defaults


def test_safety_needs_are_p0_whatever_the_weights():
    study = make_study()
    need = make_need(study, safety=True, voices=1)
    rank_study(study)
    need.refresh_from_db()
    assert (need.band, need.priority) == ("P0", 100.0)


def test_new_weights_are_a_version_and_rank_again():
    cast, study = make_cast(), make_study()
    need = make_need(study, voices=1)
    need.urgency, need.severity = 5, 1
    need.save()
    rank_study(study)
    need.refresh_from_db()
    before = need.priority
    chosen = set_weights(study=study, weights=URGENT, actor=cast.manager, note="汛期")
    need.refresh_from_db()
    assert need.priority > before and need.weights == chosen
    assert weights_of(study) == chosen


def test_the_same_weights_again_are_no_new_version():
    cast, study = make_cast(), make_study()
    set_weights(study=study, weights=URGENT, actor=cast.manager)
    set_weights(study=study, weights=URGENT, actor=cast.manager)
    assert WeightSet.objects.count() == 1


def test_weights_of_one_study_leave_another_alone():
    cast, study, other = make_cast(), make_study(), make_study("另一个")
    need = make_need(other, voices=1)
    rank_study(other)
    need.refresh_from_db()
    before = need.priority
    set_weights(study=study, weights=URGENT, actor=cast.manager)
    need.refresh_from_db()
    assert need.priority == before and need.weights is None


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("manager", True),
        ("community_worker", True),
        ("social_worker", False),
        ("supervisor", False),
        ("town_officer", False),
        ("stranger", False),
    ],
)
def test_who_sets_weights(who, allowed):
    cast, study = make_cast(), make_study()
    if allowed:
        assert set_weights(study=study, weights=URGENT, actor=getattr(cast, who)).pk
    else:
        with pytest.raises(NotPermitted):
            set_weights(study=study, weights=URGENT, actor=getattr(cast, who))


def test_the_database_refuses_negative_weights():
    with pytest.raises(IntegrityError), transaction.atomic():
        WeightSet.objects.create(severity=-0.1, urgency=0.6)


def test_ranking_costs_the_same_queries_for_two_and_for_twenty(django_assert_num_queries):
    study = make_study()
    for number in range(2):
        make_need(study, f"需求{number}", voices=1)
    study = type(study).objects.select_related("community").get(pk=study.pk)
    with django_assert_num_queries(5):
        rank_study(study)
    for number in range(18):
        make_need(study, f"更多{number}", voices=1)
    with django_assert_num_queries(5):
        rank_study(study)
    assert Need.objects.filter(components={}).count() == 0
