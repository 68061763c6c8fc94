"""Clearing and raising the flag of safety: one tap, and the statement is like any other."""

import pytest
from django.urls import reverse

from sanshe.core.errors import NotNow, NotPermitted
from sanshe.core.models import HistoryLine
from sanshe.needs.models import Need, NeedStatus, Statement, Suggestion
from sanshe.needs.services.classification import classify_study
from sanshe.needs.services.labelling import (
    clear_safety,
    label_statement,
    raise_safety,
    undo_labelling,
)
from sanshe.needs.services.needs import propose_needs
from sanshe.needs.tests.factories import (
    make_interview,
    make_need,
    make_need_type,
    make_statement,
    make_study,
)
from sanshe.needs.tests.fakes import FakeModel, use_fakes

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def study(monkeypatch):
    for code in ("ENV03", "ENV02", "ELD03", "ELD01", "GOV01"):
        make_need_type(code)
    make_need_type("WFM01", safety=True)
    use_fakes(monkeypatch)
    return make_study()


def said(study, text="电视里老是打人，孩子学样"):
    """A statement the machine has flagged, in its safety need."""
    statement = make_statement(make_interview(study), text)
    classify_study(study)
    statement.refresh_from_db()
    return statement


def flagged(study, label="ENV03"):
    """A flagged statement whose type is no danger in itself."""
    statement = said(study)
    Suggestion.objects.filter(statement=statement).update(
        label=label, confidence=0.8, alternatives=[[label, 0.8], ["WFM01", 0.1]]
    )
    Statement.objects.filter(pk=statement.pk).update(label=label, confidence=0.8)
    statement.refresh_from_db()
    return statement


def tap(client, statement, **data):
    url = reverse("needs:statement_safety", args=[statement.pk])
    return client.post(url, {"safety": "0"} | data, headers=HTMX)


def test_one_tap_makes_a_flagged_statement_like_any_other(client, cast, study):
    statement = flagged(study)
    need = statement.need
    assert need.safety
    client.force_login(cast.social_worker)
    page = client.get(reverse("needs:inbox", args=[study.pk])).content.decode()
    assert "没有人身安全问题" in page and "标记依据：" in page
    card = tap(client, statement).content.decode()
    assert "data-open" in card and "is-safety" not in card and "无人身安全问题" in card
    assert "人身安全待核对" not in card, "the progress above the list is told"
    statement.refresh_from_db()
    assert (statement.safety, statement.cleared, statement.checked) == (False, True, False)
    assert not Need.objects.filter(pk=need.pk).exists()
    propose_needs(study=study, actor=cast.social_worker)
    statement.refresh_from_db()
    assert statement.need is not None and not statement.need.safety
    assert statement.need.need_type_id == "ENV03"


def test_without_script_the_tap_returns_to_the_same_card(client, cast, study):
    statement = flagged(study)
    client.force_login(cast.social_worker)
    back = reverse("needs:inbox", args=[study.pk]) + "?page=2"
    url = reverse("needs:statement_safety", args=[statement.pk])
    answer = client.post(url, {"next": back, "safety": "0"})
    assert answer.url == f"{back}#statement-{statement.pk}"


def test_a_type_of_danger_gives_way_to_the_likeliest_other_one(cast, study):
    statement = said(study)
    assert statement.label_id == "WFM01"
    Suggestion.objects.filter(statement=statement).update(
        alternatives=[["WFM01", 0.6], ["GOV01", 0.3], ["ELD01", 0.1]]
    )
    statement = clear_safety(statement=statement, actor=cast.social_worker)
    assert (statement.label_id, statement.confidence) == ("GOV01", 0.3)


def test_where_no_other_type_is_likely_a_person_chooses(client, cast, study):
    statement = said(study)
    clear_safety(statement=statement, actor=cast.social_worker)
    statement.refresh_from_db()
    assert statement.label_id is None
    propose_needs(study=study, actor=cast.social_worker)
    statement.refresh_from_db()
    assert statement.need is None
    client.force_login(cast.social_worker)
    page = client.get(reverse("needs:inbox", args=[study.pk]), {"show": "blank"}).content.decode()
    assert statement.text in page.replace("<mark>", "").replace("</mark>", "")
    assert 'value="WFM01"' not in page


def test_no_machine_raises_a_cleared_flag_again(cast, study, monkeypatch):
    statement = clear_safety(statement=flagged(study), actor=cast.social_worker)
    Suggestion.objects.all().delete()
    assert FakeModel().classify([statement.text])[0].safety
    classify_study(study)
    statement.refresh_from_db()
    assert not statement.safety and statement.label_id is None
    assert not Need.objects.filter(safety=True).exists()


def test_the_flag_is_raised_by_one_tap_and_taken_back_by_another(client, cast, study):
    statement = said(study, "路灯坏了，有人在巷口跟着我")
    assert not statement.safety
    client.force_login(cast.social_worker)
    assert "is-safety" in tap(client, statement, safety="1").content.decode()
    statement.refresh_from_db()
    assert statement.safety and statement.need.safety
    tap(client, statement)
    statement.refresh_from_db()
    assert not statement.safety and statement.need is None and statement.label_id == "ENV03"
    assert list(
        HistoryLine.objects.filter(subject="needs.statement").order_by("pk").values_list(
            "verb", flat=True
        )
    ) == ["raise_safety", "lift_safety"]  # fmt: skip


def test_clearing_twice_is_clearing_once(cast, study):
    statement = flagged(study)
    for _time in range(2):
        clear_safety(statement=statement, actor=cast.social_worker)
    assert HistoryLine.objects.filter(verb="lift_safety").count() == 1


def test_undoing_a_label_does_not_bring_a_cleared_flag_back(cast, study):
    statement = clear_safety(statement=flagged(study), actor=cast.social_worker)
    labelling = label_statement(
        statement=statement, label=make_need_type("ELD01"), actor=cast.social_worker
    )
    statement = undo_labelling(labelling=labelling, actor=cast.social_worker)
    assert (statement.safety, statement.label_id) == (False, "ENV03")


def test_what_has_been_decided_or_taken_on_is_not_cleared_by_a_tap(client, cast, study):
    taken = flagged(study)
    Need.objects.filter(pk=taken.need_id).update(status=NeedStatus.REFERRED)
    with pytest.raises(NotNow):
        clear_safety(statement=taken, actor=cast.social_worker)
    client.force_login(cast.social_worker)
    assert "已有人接手" in tap(client, taken).content.decode()
    decided = make_statement(make_interview(study), "打人", safety=True, checked=True)
    for say in (clear_safety, raise_safety):
        with pytest.raises(NotNow):
            say(statement=decided, actor=cast.social_worker)


def test_only_those_who_sort_clear_or_raise(client, cast, study):
    statement = flagged(study)
    for person in (cast.supervisor, cast.community_worker):
        with pytest.raises(NotPermitted):
            clear_safety(statement=statement, actor=person)
        client.force_login(person)
        assert tap(client, statement).status_code == 403
    client.force_login(cast.stranger)
    assert tap(client, statement).status_code == 404
    statement.refresh_from_db()
    assert statement.safety


def lamps(study, title, statement, **facts):
    """A need about lamps that the statement stands in."""
    need = make_need(study, title, need_type=make_need_type("ENV03"), locked=True)
    Need.objects.filter(pk=need.pk).update(**facts)
    Statement.objects.filter(pk=statement.pk).update(need=need, label="ENV03")
    statement.refresh_from_db()
    return need


def test_words_in_danger_leave_the_title_with_the_statement(cast, study):
    statement = said(study, "路灯坏了，有人在巷口跟着我")
    need = lamps(study, "有人在巷口跟着我", statement)
    other = make_statement(make_interview(study), "巷子里的灯好几个月不亮")
    Statement.objects.filter(pk=other.pk).update(need=need)
    raise_safety(statement=statement, actor=cast.social_worker)
    need.refresh_from_db()
    assert "跟着我" not in need.title and "灯" in need.title


def test_a_title_given_by_a_person_stays(cast, study):
    statement = said(study, "路灯坏了，有人在巷口跟着我")
    need = lamps(study, "修巷口的灯", statement, renamed=True)
    raise_safety(statement=statement, actor=cast.social_worker)
    need.refresh_from_db()
    assert need.title == "修巷口的灯"


def test_the_machine_taking_words_out_names_the_need_anew(study):
    statement = make_statement(make_interview(study), "电视里老是打人，孩子学样")
    need = lamps(study, "老是打人孩子学样", statement)
    classify_study(study)
    need.refresh_from_db()
    assert need.title == need.need_type.name_zh


def test_a_tap_that_says_nothing_changes_nothing(client, cast, study):
    statement = said(study)
    client.force_login(cast.social_worker)
    assert tap(client, statement, safety="").status_code == 422
    statement.refresh_from_db()
    assert statement.safety


def test_what_somebody_flagged_by_hand_nobody_else_clears_by_a_tap(cast, study):
    statement = said(study, "路灯坏了，有人在巷口跟着我")
    raise_safety(statement=statement, actor=cast.manager)
    with pytest.raises(NotNow, match="标记为涉及人身安全"):
        clear_safety(statement=statement, actor=cast.social_worker)
    statement.refresh_from_db()
    assert statement.safety
    assert not clear_safety(statement=statement, actor=cast.manager).safety


def test_a_danger_that_was_looked_into_is_not_cleared_by_a_tap(cast, study):
    statement = said(study)
    Need.objects.filter(pk=statement.need_id).update(status=NeedStatus.VERIFIED)
    with pytest.raises(NotNow, match="已有人接手"):
        clear_safety(statement=statement, actor=cast.social_worker)
