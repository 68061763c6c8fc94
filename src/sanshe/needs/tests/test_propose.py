"""Forming needs out of statements: adds, never moves what stands, repeats without effect."""

import pytest

from sanshe.core.errors import NotPermitted
from sanshe.core.models import HistoryLine
from sanshe.needs.models import Need, NeedStatus
from sanshe.needs.services.arranging import merge_needs, split_need
from sanshe.needs.services.describing import lock_need, rename_need
from sanshe.needs.services.needs import propose_needs, unplaced
from sanshe.needs.tests.factories import (
    make_interview,
    make_need_type,
    make_statement,
    make_study,
)
from sanshe.needs.tests.fakes import use_fakes
from sanshe.organizations.tests.factories import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(monkeypatch):
    use_fakes(monkeypatch)
    return make_study()


def say(study, *texts, label="ENV03", **kwargs):
    interview = make_interview(study)
    return [
        make_statement(interview, text, label=make_need_type(label), confidence=0.8, **kwargs)
        for text in texts
    ]


def test_what_says_the_same_becomes_one_need(study):
    say(study, "路灯坏了很久没人修", "路灯不亮晚上害怕", "广场太吵睡不着")
    assert unplaced(study) == 3
    result = propose_needs(study=study, actor=None)
    assert (result.made, result.joined) == (2, 0)
    need = Need.objects.get(title__startswith="路灯")
    assert need.statements.count() == 2
    assert need.status == NeedStatus.NEW
    assert need.components and need.priority > 0


def test_again_changes_nothing(study):
    say(study, "路灯坏了", "广场太吵")
    propose_needs(study=study, actor=None)
    before = list(Need.objects.values_list("pk", "title", "priority"))
    assert propose_needs(study=study, actor=None) == type(propose_needs(study=study, actor=None))()
    assert list(Need.objects.values_list("pk", "title", "priority")) == before


def test_new_voices_join_the_need_that_is_there(study):
    say(study, "路灯坏了很久")
    propose_needs(study=study, actor=None)
    say(study, "路灯一直不亮")
    result = propose_needs(study=study, actor=None)
    assert (result.made, result.joined) == (0, 1)
    assert Need.objects.get().statements.count() == 2


def test_titles_and_voices_that_people_set_are_left_alone(study):
    cast = make_cast()
    say(study, "路灯坏了很久", "路灯一直不亮", "路灯关得太早")
    propose_needs(study=study, actor=None)
    need = Need.objects.get()
    rename_need(need=need, title="夜间照明", actor=cast.social_worker)
    moved = need.statements.last()
    made = split_need(need=need, statements=[moved], actor=cast.social_worker, title="关灯时间")
    say(study, "路灯又坏了")
    propose_needs(study=study, actor=None)
    need.refresh_from_db()
    moved.refresh_from_db()
    assert need.title == "夜间照明" and moved.need == made
    assert Need.objects.count() == 2


def test_a_locked_need_keeps_its_members_and_takes_new_voices(study):
    cast = make_cast()
    say(study, "路灯坏了很久")
    propose_needs(study=study, actor=None)
    need = lock_need(need=Need.objects.get(), locked=True, actor=cast.social_worker)
    say(study, "路灯一直不亮")
    propose_needs(study=study, actor=None)
    assert need.statements.count() == 2


def test_new_voices_for_a_merged_need_go_to_the_main_one(study):
    cast = make_cast()
    say(study, "路灯坏了很久")
    say(study, "巷子太黑了")
    propose_needs(study=study, actor=None)
    main, other = (
        Need.objects.get(title__startswith="路灯"),
        Need.objects.get(title__startswith="巷"),
    )
    merge_needs(main=main, others=[other], actor=cast.social_worker)
    say(study, "巷子里看不见路")
    propose_needs(study=study, actor=None)
    assert (main.statements.count(), other.statements.count()) == (2, 1)


def test_closed_needs_take_no_new_voices(study):
    say(study, "路灯坏了很久")
    propose_needs(study=study, actor=None)
    Need.objects.update(status=NeedStatus.CLOSED)
    say(study, "路灯又坏了")
    assert propose_needs(study=study, actor=None).made == 1


def test_safety_statements_stay_one_need_each(study):
    make_need_type("WFM01", safety=True)
    say(study, "打人的事不能不管", "打人的事又来了", label="WFM01", safety=True)
    result = propose_needs(study=study, actor=None)
    assert (result.made, result.safety) == (0, 2)
    propose_needs(study=study, actor=None)
    assert Need.objects.filter(safety=True).count() == 2


def test_what_holds_no_need_or_has_no_type_waits(study):
    (dismissed,) = say(study, "路灯很好")
    dismissed.dismissed = True
    dismissed.save()
    make_statement(make_interview(study), "不知道说什么")
    assert propose_needs(study=study, actor=None).made == 0


def test_types_people_decided_keep_alike_words_apart(study):
    say(study, "路灯坏了很久", "路灯一直不亮", checked=True)
    say(study, "路灯公告看不懂", label="GOV01", checked=True)
    propose_needs(study=study, actor=None)
    assert sorted(Need.objects.values_list("need_type", flat=True)) == ["ENV03", "GOV01"]


def test_forming_is_the_programs_doing_and_asking_for_it_a_persons(study):
    cast = make_cast()
    say(study, "路灯坏了很久")
    propose_needs(study=study, actor=cast.social_worker)
    need_line = HistoryLine.objects.get(subject="needs.need")
    study_line = HistoryLine.objects.get(subject="needs.study")
    assert (need_line.actor, study_line.actor) == (None, cast.social_worker)


def test_strangers_form_no_needs(study):
    with pytest.raises(NotPermitted):
        propose_needs(study=study, actor=make_cast().stranger)
