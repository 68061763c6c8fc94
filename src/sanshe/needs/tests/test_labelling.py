"""Deciding about statements: one tap, kept beside the suggestion, taken back whole."""

import pytest

from sanshe.core.errors import NotNow, NotPermitted
from sanshe.needs.models import Labelling, Need, NeedStatus, Suggestion
from sanshe.needs.selectors.learning import Taught, accuracy, confusions, training_labellings
from sanshe.needs.services.classification import classify_study
from sanshe.needs.services.labelling import accept_sure, label_statement, undo_labelling
from sanshe.needs.tests.factories import (
    make_interview,
    make_need,
    make_need_type,
    make_statement,
    make_study,
)
from sanshe.needs.tests.fakes import use_fakes

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(monkeypatch):
    for code in ("ENV03", "ENV02", "ELD03", "ELD01", "GOV01"):
        make_need_type(code)
    make_need_type("WFM01", safety=True)
    use_fakes(monkeypatch)
    return make_study()


def heard(study, text="巷口路灯坏了"):
    statement = make_statement(make_interview(study), text)
    classify_study(study)
    statement.refresh_from_db()
    return statement


def test_agreeing_is_kept_beside_the_suggestion(study, cast):
    statement = heard(study)
    labelling = label_statement(
        statement=statement, label=statement.label, actor=cast.social_worker
    )
    assert labelling.agreed and labelling.suggestion == Suggestion.objects.get()
    statement.refresh_from_db()
    assert statement.checked and not statement.dismissed


def test_the_same_decision_twice_is_one(study, cast):
    statement = heard(study)
    first = label_statement(statement=statement, label=statement.label, actor=cast.manager)
    again = label_statement(statement=statement, label=statement.label, actor=cast.manager)
    assert first == again and Labelling.objects.count() == 1


def test_correcting_counts_against_the_model_and_is_learned_from(study, cast):
    statement = heard(study)
    right = make_need_type("GOV01")
    labelling = label_statement(statement=statement, label=right, actor=cast.social_worker)
    assert not labelling.agreed
    tally = accuracy(None)
    assert (tally.agreed, tally.decided) == (0, 1)
    assert [(row.said, row.meant, row.times) for row in confusions()] == [("ENV03", "GOV01", 1)]
    agency = statement.interview.study.organization_id
    taught = [Taught("巷口路灯坏了", "GOV01", False, agency)]
    assert list(training_labellings(labelling.pk)) == taught


def test_no_need_takes_the_words_out_of_their_need(study, cast):
    statement = heard(study)
    need = make_need(study, statements=[statement])
    labelling = label_statement(statement=statement, label=None, actor=cast.social_worker)
    statement.refresh_from_db()
    assert statement.dismissed and statement.need is None and not statement.safety
    assert labelling.label is None
    assert not Need.objects.filter(pk=need.pk).exists()


def test_another_type_takes_the_words_out_unless_people_put_them_there(study, cast):
    statement = heard(study)
    make_need(study, statements=[statement], voices=1, need_type=make_need_type("ENV03"))
    label_statement(statement=statement, label=make_need_type("GOV01"), actor=cast.manager)
    statement.refresh_from_db()
    assert statement.need is None

    placed = heard(study)
    need = make_need(study, statements=[placed], need_type=make_need_type("ENV03"))
    placed.placed = True
    placed.save()
    label_statement(statement=placed, label=make_need_type("GOV01"), actor=cast.manager)
    placed.refresh_from_db()
    assert placed.need == need


def test_a_type_that_concerns_safety_opens_a_safety_need(study, cast):
    statement = heard(study)
    label_statement(statement=statement, label=make_need_type("WFM01"), actor=cast.social_worker)
    statement.refresh_from_db()
    assert statement.safety and statement.need.safety


def test_safety_can_be_raised_over_any_type_and_lifted_again(study, cast):
    statement = heard(study)
    label = statement.label
    label_statement(statement=statement, label=label, actor=cast.social_worker, safety=True)
    statement.refresh_from_db()
    assert statement.need.band == "P0"
    label_statement(statement=statement, label=label, actor=cast.social_worker, safety=False)
    statement.refresh_from_db()
    assert not statement.safety and statement.need is None
    assert not Need.objects.filter(safety=True).exists()


def test_taking_back_restores_what_was_before(study, cast):
    statement = heard(study)
    need = make_need(study, statements=[statement], voices=1, need_type=statement.label)
    labelling = label_statement(statement=statement, label=None, actor=cast.social_worker)
    undo_labelling(labelling=labelling, actor=cast.social_worker)
    statement.refresh_from_db()
    assert not statement.checked and not statement.dismissed
    assert (statement.label_id, statement.need_id) == ("ENV03", need.pk)
    with pytest.raises(NotNow):
        undo_labelling(labelling=labelling, actor=cast.social_worker)


def test_taking_back_the_second_decision_returns_to_the_first(study, cast):
    statement = heard(study)
    label_statement(statement=statement, label=make_need_type("GOV01"), actor=cast.manager)
    second = label_statement(statement=statement, label=None, actor=cast.social_worker)
    undo_labelling(labelling=second, actor=cast.social_worker)
    statement.refresh_from_db()
    assert statement.checked and statement.label_id == "GOV01"


def test_accepting_the_sure_ones_leaves_safety_and_doubt_to_people(study, cast):
    interview = make_interview(study)
    sure = make_statement(interview, "路灯坏了")
    doubt = make_statement(interview, "没有食堂")
    danger = make_statement(interview, "喝了酒打人")
    classify_study(study)
    assert accept_sure(study=study, actor=cast.social_worker) == 1
    for statement in (sure, doubt, danger):
        statement.refresh_from_db()
    assert [sure.checked, doubt.checked, danger.checked] == [True, False, False]
    assert accept_sure(study=study, actor=cast.social_worker) == 0


def test_decisions_for_many_at_a_tap_prove_nothing_and_teach_nothing(study, cast):
    heard(study)
    accept_sure(study=study, actor=cast.social_worker)
    assert accuracy(None).decided == 0
    assert list(training_labellings(Labelling.objects.get().pk)) == []


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("social_worker", True),
        ("manager", True),
        ("supervisor", False),
        ("community_worker", False),
        ("town_officer", False),
        ("stranger", False),
    ],
)
def test_who_sorts_what_was_said(study, cast, who, allowed):
    statement = heard(study)
    actor = getattr(cast, who)
    if allowed:
        assert label_statement(statement=statement, label=None, actor=actor)
        return
    with pytest.raises(NotPermitted):
        label_statement(statement=statement, label=None, actor=actor)
    with pytest.raises(NotPermitted):
        accept_sure(study=study, actor=actor)


def test_a_need_people_have_moved_on_stays_though_its_last_voice_leaves(study, cast):
    statement = heard(study)
    need = make_need(study, statements=[statement], status=NeedStatus.VERIFIED)
    label_statement(statement=statement, label=None, actor=cast.social_worker)
    assert Need.objects.filter(pk=need.pk).exists()
