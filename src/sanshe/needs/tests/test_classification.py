"""What the machine says is kept beside what people decide, and never over it."""

import pytest

from sanshe.needs.models import ModelVersion, Need, Statement, Suggestion
from sanshe.needs.services import classification
from sanshe.needs.services.classification import classify_study, suggest, waiting_since
from sanshe.needs.services.labelling import label_statement
from sanshe.needs.tests.factories import (
    make_interview,
    make_need,
    make_need_type,
    make_statement,
    make_study,
)
from sanshe.needs.tests.fakes import FakeModel, use_fakes
from sanshe.organizations.tests.factories import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fakes(monkeypatch):
    for code in ("ENV03", "ENV02", "ELD03", "ELD01", "GOV01"):
        make_need_type(code)
    make_need_type("WFM01", safety=True)
    return use_fakes(monkeypatch)


def say(study, *texts):
    interview = make_interview(study)
    return [make_statement(interview, text) for text in texts]


def test_a_statement_gets_its_suggestion_with_reasons():
    study = make_study()
    (statement,) = say(study, "巷口路灯坏了")
    assert waiting_since(study)[0] == 1
    assert classify_study(study) == 1
    statement.refresh_from_db()
    suggestion = Suggestion.objects.get(statement=statement)
    assert (statement.label_id, statement.confidence) == ("ENV03", 0.96)
    assert suggestion.because == ["路灯"]
    assert suggestion.alternatives[0] == ["ENV03", 0.96]
    assert waiting_since(study)[0] == 0


def test_where_the_machine_abstains_the_statement_stays_without_a_type():
    study = make_study()
    (statement,) = say(study, "你们辛苦了")
    classify_study(study)
    statement.refresh_from_db()
    assert statement.label_id is None and not statement.checked


def test_classifying_twice_says_nothing_twice():
    study = make_study()
    say(study, "巷口路灯坏了", "没地方停车")
    classify_study(study)
    assert classify_study(study) == 0
    assert Suggestion.objects.count() == 2


def test_a_person_who_was_quicker_is_not_overruled(monkeypatch):
    cast, study = make_cast(), make_study()
    (statement,) = say(study, "巷口路灯坏了")
    other = make_need_type("GOV01")

    class Slow(FakeModel):
        def classify(self, texts):
            label_statement(statement=statement, label=other, actor=cast.social_worker)
            return super().classify(texts)

    version = ModelVersion.objects.get()
    monkeypatch.setattr(classification, "ensure_model", lambda: (version, Slow()))
    classify_study(study)
    statement.refresh_from_db()
    assert statement.label_id == "GOV01" and statement.checked


def test_a_safety_statement_becomes_a_need_of_its_own_at_once():
    study = make_study()
    one, two = say(study, "他喝了酒就打人", "打人的声音整楼都听到")
    classify_study(study)
    needs = Need.objects.filter(study=study)
    assert needs.count() == 2
    assert {need.band for need in needs} == {"P0"}
    assert all(need.safety_since for need in needs)
    one.refresh_from_db()
    assert one.text not in one.need.title


def test_the_alarm_over_words_in_an_ordinary_need_takes_them_out_of_it():
    study = make_study()
    (statement,) = say(study, "他喝了酒就打人")
    need = make_need(study, statements=[statement])
    statement.placed = True
    statement.save()
    classify_study(study)
    statement.refresh_from_db()
    assert statement.need_id != need.pk and statement.need.safety


def test_a_new_model_looks_again_at_what_nobody_decided_and_old_proposals_go(monkeypatch):
    cast, study = make_cast(), make_study()
    open_, decided = say(study, "巷口路灯坏了", "没地方停车")
    classify_study(study)
    label_statement(statement=decided, label=make_need_type("ENV02"), actor=cast.social_worker)
    ModelVersion.objects.update(active=False)
    newer = ModelVersion.objects.create(version="fake-2", rows=0, active=True)
    monkeypatch.setattr(classification, "ensure_model", lambda: (newer, FakeModel()))
    assert classify_study(study) == 1
    assert [s.model_id for s in Suggestion.objects.filter(statement=open_)] == [newer.pk]
    assert Suggestion.objects.get(statement=decided).model_id != newer.pk


def test_labels_this_city_does_not_have_are_not_used():
    study = make_study()
    (statement,) = say(study, "没有食堂")
    make_need_type("ELD03").delete()
    classify_study(study)
    statement.refresh_from_db()
    assert statement.label_id is None
    assert Statement.objects.get().confidence == 0.8


def test_suggesting_while_typing():
    assert suggest("   ") is None
    assert suggest("路灯坏了").label == "ENV03"


def test_suggesting_without_a_model_says_nothing(monkeypatch):
    monkeypatch.setattr(classification, "active_version", lambda: None)
    assert suggest("路灯坏了") is None
