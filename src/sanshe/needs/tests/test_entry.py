"""The quick entry on a phone: saved as one goes, once, masked; interviews and original words."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotNow, NotPermitted
from sanshe.core.models import AccessLine, HistoryLine
from sanshe.engine.classify import Verdict
from sanshe.needs.models import (
    Informant,
    Interview,
    Labelling,
    Method,
    Statement,
    Study,
    StudyStatus,
)
from sanshe.needs.selectors.statements import original_pieces
from sanshe.needs.services.interviews import (
    InterviewFacts,
    add_statement,
    delete_statement,
    open_interview,
)
from sanshe.needs.tests.factories import (
    make_interview,
    make_need_type,
    make_statement,
)
from sanshe.needs.views import entry as views
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import Cast, make_member

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def talk(cast: Cast, study: Study) -> Interview:
    return make_interview(study, heard_by=cast.social_worker)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def given(**changes: Any) -> dict[str, Any]:
    return {
        "informant": Informant.ELDERS,
        "method": Method.VISIT,
        "held_on": timezone.localdate().isoformat(),
        "people": 2,
        "token": str(uuid.uuid4()),
    } | changes


def add(talk: Interview) -> str:
    return reverse("needs:statement_add", args=[talk.pk])


# beginning ---------------------------------------------------------------------------------------


def test_the_page_offers_every_informant_and_today(cast: Cast, study: Study) -> None:
    address = reverse("needs:quick_entry", args=[study.pk])
    page = signed_in(cast.social_worker).get(address).content.decode()
    for informant in Informant:
        assert str(informant.label) in page
    assert f'value="{timezone.localdate().isoformat()}"' in page


def test_without_script_an_interview_and_its_statements_are_saved_together(
    cast: Cast, study: Study
) -> None:
    client = signed_in(cast.social_worker)
    address = reverse("needs:quick_entry", args=[study.pk])
    posted = given(text1="路灯不亮", text2="", text3=" 没有地方坐 ")
    response = client.post(address, posted)
    talk = Interview.objects.get()
    assert response["Location"] == talk.get_absolute_url()
    assert (talk.informant, talk.method, talk.people) == (Informant.ELDERS, Method.VISIT, 2)
    assert talk.heard_by == cast.social_worker
    assert list(talk.statements.values_list("ordinal", "text")) == [
        (1, "路灯不亮"), (2, "没有地方坐")]  # fmt: skip
    # The second tap on the button finds what the first one made.
    assert client.post(address, posted)["Location"] == talk.get_absolute_url()
    assert (Interview.objects.count(), Statement.objects.count()) == (1, 2)


def test_an_interview_without_informant_or_tomorrow_is_refused(cast: Cast, study: Study) -> None:
    client = signed_in(cast.social_worker)
    address = reverse("needs:quick_entry", args=[study.pk])
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    for wrong, words in (({"informant": ""}, "请选择受访对象"), ({"held_on": tomorrow}, "今天之后"),
                         ({"people": 0}, "1")):  # fmt: skip
        response = client.post(address, given(**wrong))
        assert response.status_code == 422
        assert words in response.content.decode()
    assert not Interview.objects.exists()


# saving as one goes ------------------------------------------------------------------------------


def test_each_statement_is_saved_and_the_page_says_so(cast: Cast, talk: Interview) -> None:
    client = signed_in(cast.social_worker)
    response = client.post(add(talk), {"text": "电梯老坏"}, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in page and "已保存第 1 条" in page and "电梯老坏" in page
    saved = Statement.objects.get()
    assert (saved.recorded_by, saved.community_id) == (cast.social_worker, talk.study.community_id)
    assert HistoryLine.objects.filter(subject="needs.statement", verb="create").count() == 1


def test_without_script_a_statement_is_saved_and_redirected(cast: Cast, talk: Interview) -> None:
    response = signed_in(cast.social_worker).post(add(talk), {"text": "电梯老坏"})
    assert response.status_code == 302 and response["Location"] == talk.get_absolute_url()
    assert Statement.objects.count() == 1


def test_a_double_tap_saves_once(cast: Cast, talk: Interview) -> None:
    client = signed_in(cast.social_worker)
    posted = {"text": "电梯老坏", "token": str(uuid.uuid4())}
    for _ in range(2):
        assert client.post(add(talk), posted, headers=HTMX).status_code == 200
    assert Statement.objects.count() == 1
    client.post(add(talk), posted | {"token": str(uuid.uuid4())}, headers=HTMX)
    assert Statement.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "words"), [("", "没有写内容"), ("  \u200b ", "没有写内容"), ("很" * 2001, "拆成几条")]
)
def test_what_cannot_be_stored_comes_back_with_a_reason(
    text: str, words: str, cast: Cast, talk: Interview
) -> None:
    client = signed_in(cast.social_worker)
    for headers in ({}, HTMX):
        response = client.post(add(talk), {"text": text}, headers=headers)
        assert response.status_code == 422
        assert words in response.content.decode()
    assert not Statement.objects.exists()


def test_typed_markup_is_never_markup(cast: Cast, talk: Interview) -> None:
    client = signed_in(cast.social_worker)
    page = client.post(add(talk), {"text": "<script>alert(1)</script>"}, headers=HTMX)
    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;" in page.content.decode()


def test_ordinals_count_through_the_study(cast: Cast, study: Study) -> None:
    for number in range(1, 4):
        talk = make_interview(study)
        made = add_statement(interview=talk, text=f"第{number}件事", actor=cast.social_worker)
        assert made.ordinal == number


def test_a_phone_number_is_masked_and_sealed(cast: Cast, talk: Interview) -> None:
    made = add_statement(
        interview=talk, text="找我儿子 13805951234，他在外地", actor=cast.social_worker
    )
    made.refresh_from_db()
    assert "13805951234" not in made.text and made.original is not None
    assert b"13805951234" not in bytes(made.original)
    pieces = original_pieces(made)
    assert [piece.text for piece in pieces if piece.covered] == ["13805951234"]
    assert "".join(piece.text for piece in pieces) == made.text.replace(
        "138****1234", "13805951234"
    )


def test_a_study_that_is_closed_takes_no_more(cast: Cast, talk: Interview) -> None:
    Study.objects.update(status=StudyStatus.FINAL)
    with pytest.raises(NotNow, match="补充采集"):
        add_statement(interview=talk, text="晚了", actor=cast.social_worker)
    page = signed_in(cast.social_worker).get(talk.get_absolute_url()).content.decode()
    assert "保存这一条" not in page


# suggestions -------------------------------------------------------------------------------------


@pytest.fixture
def verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    make_need_type("ENV03", "活动场地与公共设施")
    make_need_type("ELD03", "助餐送餐")
    said = Verdict("ENV03", 0.81, (("ENV03", 0.81), ("ELD03", 0.1)), True, ("路灯",))
    monkeypatch.setattr(views, "suggestion_for", lambda text: said)


@pytest.mark.usefixtures("verdict")
def test_suggestions_show_kind_confidence_and_words(cast: Cast) -> None:
    client = signed_in(cast.social_worker)
    page = client.post(reverse("needs:suggest"), {"text": "晚上路灯不亮"}).content.decode()
    assert "活动场地与公共设施" in page and "81%" in page and "路灯" in page
    assert "人身安全" in page
    assert 'data-label="ENV03"' in page
    short = client.post(reverse("needs:suggest"), {"text": "路灯"}).content.decode()
    assert "活动场地" not in short


@pytest.mark.usefixtures("verdict")
def test_words_under_way_are_posted_and_only_by_collectors(cast: Cast) -> None:
    assert signed_in(cast.social_worker).get(reverse("needs:suggest")).status_code == 405
    answer = signed_in(cast.community_worker).post(
        reverse("needs:suggest"), {"text": "晚上路灯不亮"}
    )
    assert answer.status_code == 403


@pytest.mark.usefixtures("verdict")
def test_a_tapped_suggestion_is_a_decision_and_keeps_the_safety_flag(
    cast: Cast, talk: Interview
) -> None:
    client = signed_in(cast.social_worker)
    client.post(add(talk), {"text": "晚上路灯不亮", "label": "ENV03"}, headers=HTMX)
    saved = Statement.objects.get()
    assert (saved.label_id, saved.checked, saved.safety) == ("ENV03", True, True)
    assert Labelling.objects.get().actor == cast.social_worker


# the interview's page ----------------------------------------------------------------------------


def test_the_facts_of_an_interview_are_corrected_with_history(cast: Cast, talk: Interview) -> None:
    client = signed_in(cast.social_worker)
    address = reverse("needs:interview_edit", args=[talk.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, given(people=4)).status_code == 302
    talk.refresh_from_db()
    assert (talk.informant, talk.people) == (Informant.ELDERS, 4)
    line = HistoryLine.objects.get(subject="needs.interview", verb="edit")
    assert line.changes["informant"] == ["resident", "elders"]
    assert signed_in(cast.community_worker).get(address).status_code == 403
    assert signed_in(cast.supervisor).get(address).status_code == 403


def test_ones_own_fresh_statement_is_deleted_and_the_history_says_so(
    cast: Cast, talk: Interview
) -> None:
    made = add_statement(interview=talk, text="写错了", actor=cast.social_worker)
    key = made.pk
    response = signed_in(cast.social_worker).post(reverse("needs:statement_delete", args=[key]))
    assert response["Location"] == talk.get_absolute_url()
    assert not Statement.objects.exists()
    assert HistoryLine.objects.filter(subject_pk=str(key), verb="delete").count() == 1
    assert "第 1 条" in HistoryLine.objects.get(subject="needs.interview").note


def test_a_statement_of_a_colleague_labelled_or_imported_is_not_deleted(
    cast: Cast, talk: Interview
) -> None:
    made = add_statement(interview=talk, text="有人乱停车", actor=cast.social_worker)
    with pytest.raises(NotPermitted):
        delete_statement(statement=made, actor=cast.manager)
    Statement.objects.update(checked=True)
    with pytest.raises(NotPermitted):
        delete_statement(statement=made, actor=cast.social_worker)


def test_after_a_day_a_statement_stays(cast: Cast, talk: Interview) -> None:
    made = add_statement(interview=talk, text="有人乱停车", actor=cast.social_worker)
    later = timezone.now() + timedelta(hours=25)
    with time_machine.travel(later), pytest.raises(NotNow, match="24 小时"):
        delete_statement(statement=made, actor=cast.social_worker)
    assert Statement.objects.exists()


# original words ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_masked_words_are_shown_to_the_people_of_the_study_and_logged(
    role: Role, cast: Cast, talk: Interview
) -> None:
    made = add_statement(interview=talk, text="电话13805951234", actor=cast.social_worker)
    client = signed_in(make_member(role))
    address = reverse("needs:statement_original", args=[made.pk])
    assert client.get(address).status_code in {405, 302}
    response = client.post(address)
    if role in {Role.SW, Role.AGENCY, Role.SUPV, Role.COMM}:
        assert "<mark>13805951234</mark>" in response.content.decode()
        assert response["Cache-Control"] == "no-store"
        line = AccessLine.objects.exclude(verb="sign_in").get()
        assert (line.verb, line.subject, line.subject_pk) == (
            "original", "needs.statement", str(made.pk))  # fmt: skip
    else:
        # Administrators are sent to set up their second factor first.
        assert response.status_code in {403, 404, 302}
        assert "13805951234" not in response.content.decode()
        assert not AccessLine.objects.exclude(verb="sign_in").exists()


def test_htmx_gets_only_the_words(cast: Cast, talk: Interview) -> None:
    made = add_statement(interview=talk, text="电话13805951234", actor=cast.social_worker)
    address = reverse("needs:statement_original", args=[made.pk])
    page = signed_in(cast.social_worker).post(address, headers=HTMX).content.decode()
    assert "<html" not in page and "<mark>13805951234</mark>" in page


def test_no_page_shows_masked_words_unasked(cast: Cast, talk: Interview) -> None:
    add_statement(interview=talk, text="电话13805951234", actor=cast.social_worker)
    client = signed_in(cast.social_worker)
    for address in (
        talk.get_absolute_url(),
        talk.study.get_absolute_url(),
        reverse("needs:statements", args=[talk.study_id]),
    ):
        assert "13805951234" not in client.get(address).content.decode()


# who may -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_only_collectors_write_down_what_was_said(role: Role, cast: Cast, study: Study) -> None:
    facts = InterviewFacts(Informant.RESIDENT, Method.VISIT, timezone.localdate())
    person = make_member(role)
    if role in {Role.SW, Role.AGENCY}:
        assert open_interview(study=study, facts=facts, actor=person).heard_by == person
    else:
        with pytest.raises(NotPermitted):
            open_interview(study=study, facts=facts, actor=person)


def test_a_stranger_gets_404_a_signed_out_person_the_sign_in_page(
    cast: Cast, talk: Interview
) -> None:
    made = make_statement(talk, recorded_by=cast.social_worker)
    posts = [
        add(talk),
        reverse("needs:interview_edit", args=[talk.pk]),
        reverse("needs:statement_delete", args=[made.pk]),
        reverse("needs:statement_original", args=[made.pk]),
        reverse("needs:quick_entry", args=[talk.study_id]),
    ]
    for person in (cast.stranger, cast.strange_community_worker):
        client = signed_in(person)
        assert client.get(talk.get_absolute_url()).status_code == 404
        assert {client.post(address, {"text": "x"}).status_code for address in posts} == {404}
    assert {Client().post(address).status_code for address in posts} == {302}
    assert Statement.objects.count() == 1


def test_a_community_reads_the_interview_and_writes_nothing(cast: Cast, talk: Interview) -> None:
    made = make_statement(talk, recorded_by=cast.social_worker)
    client = signed_in(cast.community_worker)
    page = client.get(talk.get_absolute_url()).content.decode()
    assert made.text in page and "保存这一条" not in page and "删除" not in page
    assert client.post(add(talk), {"text": "x"}).status_code == 403
    assert client.post(reverse("needs:statement_delete", args=[made.pk])).status_code == 403
    assert client.get(reverse("needs:quick_entry", args=[talk.study_id])).status_code == 403


def test_an_interview_of_no_people_is_refused(cast: Cast, study: Study) -> None:
    facts = InterviewFacts(Informant.RESIDENT, Method.VISIT, timezone.localdate(), people=0)
    with pytest.raises(BadEntry):
        open_interview(study=study, facts=facts, actor=cast.social_worker)
