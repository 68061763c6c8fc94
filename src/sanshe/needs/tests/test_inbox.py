"""The inbox in the browser: with and without htmx, for the right people only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sanshe.needs.models import Labelling
from sanshe.needs.selectors.inbox import highlight
from sanshe.needs.services.classification import classify_study
from sanshe.needs.tests.factories import (
    make_interview,
    make_need_type,
    make_statement,
    make_study,
)
from sanshe.needs.tests.fakes import use_fakes
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import make_member

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def study(monkeypatch):
    make_need_type("ENV03", "活动场地与公共设施")
    for code in ("ENV02", "ELD03", "ELD01", "GOV01"):
        make_need_type(code)
    make_need_type("WFM01", safety=True)
    use_fakes(monkeypatch)
    study = make_study()
    make_statement(make_interview(study), "巷口<b>路灯</b>坏了")
    classify_study(study)
    return study


@pytest.fixture
def statement(study):
    return study.interviews.get().statements.get()


def inbox(study):
    return reverse("needs:inbox", args=[study.pk])


def label(statement):
    return reverse("needs:label", args=[statement.pk])


def test_the_words_that_decided_are_marked_and_never_markup(client, cast, study):
    client.force_login(cast.social_worker)
    page = client.get(inbox(study)).content.decode()
    assert "巷口&lt;b&gt;<mark>路灯</mark>&lt;/b&gt;坏了" in page
    assert "活动场地与公共设施" in page and "96%" in page


def test_one_tap_without_script_saves_and_returns_to_the_list(client, cast, study, statement):
    client.force_login(cast.social_worker)
    answer = client.post(label(statement), {"label": "ENV03", "next": inbox(study)})
    assert answer.status_code == 302
    assert answer.url == f"{inbox(study)}#statement-{statement.pk}"
    assert Labelling.objects.get().agreed


def test_one_tap_with_htmx_answers_with_the_card_and_the_progress(client, cast, study, statement):
    client.force_login(cast.social_worker)
    answer = client.post(label(statement), {"label": "none"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200 and "HX-Request" in answer.headers["Vary"]
    assert f'id="statement-{statement.pk}"' in page and "is-done" in page
    assert 'hx-swap-oob="true"' in page and "<html" not in page
    statement.refresh_from_db()
    assert statement.dismissed


def test_a_return_address_of_another_site_is_not_followed(client, cast, study, statement):
    client.force_login(cast.social_worker)
    for bad in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = client.post(label(statement), {"label": "ENV03", "next": bad})
        assert answer.url.startswith(inbox(study))


def test_an_unknown_type_is_refused(client, cast, statement):
    client.force_login(cast.social_worker)
    answer = client.post(label(statement), {"label": "XXX99"}, headers=HTMX)
    assert answer.status_code == 422 and not Labelling.objects.exists()
    assert client.post(label(statement), {}, headers=HTMX).status_code == 422


def test_the_box_for_safety_raises_and_lifts(client, cast, statement):
    client.force_login(cast.social_worker)
    client.post(label(statement), {"label": "ENV03", "safety": "1"})
    statement.refresh_from_db()
    assert statement.safety and statement.need.safety
    client.post(label(statement), {"label": "ENV03", "was_safety": "1"})
    statement.refresh_from_db()
    assert not statement.safety


def test_the_picker_is_a_page_and_a_part(client, cast, statement):
    client.force_login(cast.social_worker)
    whole = client.get(label(statement))
    part = client.get(label(statement), headers=HTMX)
    assert "<html" in whole.content.decode() and "<html" not in part.content.decode()
    assert 'value="GOV01"' in part.content.decode()


def test_undo_puts_the_card_back(client, cast, study, statement):
    client.force_login(cast.social_worker)
    client.post(label(statement), {"label": "none"})
    undo = reverse("needs:label_undo", args=[Labelling.objects.get().pk])
    page = client.post(undo, headers=HTMX).content.decode()
    assert "data-open" in page
    assert "撤销较早" in client.post(undo, headers=HTMX).content.decode()


def test_accepting_the_sure_ones(client, cast, study, statement):
    client.force_login(cast.social_worker)
    assert "采纳全部 ≥90% 的建议（1 条）" in client.get(inbox(study)).content.decode()
    client.post(reverse("needs:sure_accept", args=[study.pk]))
    statement.refresh_from_db()
    assert statement.checked
    assert "全部核对完了" in client.get(inbox(study)).content.decode()


def test_supervisors_and_the_community_read_along_without_buttons(client, cast, study, statement):
    for who in (cast.supervisor, cast.community_worker):
        client.force_login(who)
        page = client.get(inbox(study)).content.decode()
        assert "巷口" in page and 'name="label"' not in page
        assert client.post(label(statement), {"label": "none"}).status_code == 403


@pytest.mark.parametrize("role", [Role.CITY, Role.CIVIL, Role.TOWN, Role.STATION])
def test_distant_roles_read_no_unsorted_words(client, study, statement, role):
    client.force_login(make_member(role))
    assert "巷口" not in client.get(inbox(study)).content.decode()
    assert client.post(label(statement), {"label": "none"}).status_code == 404


@pytest.mark.parametrize(
    "role", [Role.CORG, Role.VOL, Role.DONOR, Role.RES, Role.EVAL, Role.SYS, Role.SEC, Role.AUD]
)
def test_others_find_nothing(client, study, statement, role):
    client.force_login(make_member(role))
    assert client.get(inbox(study)).status_code in {302, 404}
    assert client.post(label(statement), {"label": "none"}).status_code in {302, 404}
    assert not Labelling.objects.exists()


def test_signed_out_people_are_sent_to_sign_in(client, study, statement):
    assert client.get(inbox(study)).status_code == 302
    assert client.post(label(statement), {"label": "none"}).status_code == 302
    assert not Labelling.objects.exists()


def test_a_stranger_finds_nothing(client, cast, study, statement):
    client.force_login(cast.stranger)
    assert client.get(inbox(study)).status_code == 404
    assert client.post(label(statement), {"label": "none"}).status_code == 404


@pytest.mark.parametrize("show", ["open", "safety", "blank", "done", "all", "nonsense"])
def test_every_view_of_the_inbox_opens(client, cast, study, show):
    client.force_login(cast.social_worker)
    assert client.get(inbox(study), {"show": show}).status_code == 200


def test_the_inbox_costs_the_same_queries_for_two_and_for_twenty(client, cast, study):
    client.force_login(cast.social_worker)
    interview = make_interview(study)

    def cost(number):
        for at in range(number):
            make_statement(interview, f"路灯坏了{at}")
        classify_study(study)
        client.get(inbox(study))
        with CaptureQueriesContext(connection) as queries:
            client.get(inbox(study))
        return len(queries)

    assert cost(1) == cost(18) < 30


def test_safety_comes_first_and_then_the_least_sure(client, cast, study):
    interview = make_interview(study)
    make_statement(interview, "吃饭没食堂")
    make_statement(interview, "喝了酒打人")
    classify_study(study)
    client.force_login(cast.social_worker)
    page = client.get(inbox(study)).content.decode()
    assert page.index("喝了酒") < page.index("吃饭没") < page.index("巷口")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("路灯坏了", ["路灯"]),
        ("坏", ["路灯"]),
        ("路灯路灯", ["路", "路灯"]),
        ("", []),
        ("a.b", ["."]),
    ],
)
def test_highlighting_loses_no_letter(text, words):
    stretches = highlight(text, words)
    assert "".join(stretch.text for stretch in stretches) == text
    assert all(stretch.text in words for stretch in stretches if stretch.hit)
