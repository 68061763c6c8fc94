"""The board and the pages of a need in the browser."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sanshe.core.models import AccessLine
from sanshe.needs.models import Need, NeedStatus, WeightSet
from sanshe.needs.tests.factories import (
    make_interview,
    make_need,
    make_need_type,
    make_statement,
    make_study,
)
from sanshe.needs.tests.fakes import use_fakes
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import make_member

pytestmark = pytest.mark.django_db
CLOSE = ["social_worker", "manager", "supervisor", "community_worker"]


@pytest.fixture
def study():
    return make_study()


def at(name, *args):
    return reverse(f"needs:{name}", args=args)


def shown(client, user, url, **query):
    client.force_login(user)
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_board_shows_needs_by_band_and_safety_apart(client, cast, study):
    make_need(study, "修路灯", band="A", priority=80, voices=2)
    make_need(study, "家里有危险", safety=True, voices=1)
    page = shown(client, cast.social_worker, at("board", study.pk))
    panel, rest = page.split('class="board"')
    assert "24 小时内转个案" in panel and "家里有危险" in panel
    assert "修路灯" in rest and "家里有危险" not in rest


def test_an_empty_board_and_a_filter_without_finds_say_what_to_do(client, cast, study):
    assert "没有" in shown(client, cast.social_worker, at("board", study.pk))
    page = shown(client, cast.social_worker, at("board", study.pk), band="A")
    assert "没有符合条件的需求" in page


@pytest.mark.parametrize("role", [Role.CITY, Role.CIVIL, Role.TOWN, Role.STATION])
def test_distant_roles_get_the_number_of_safety_needs_only(client, study, role):
    make_need(study, "家里有危险", safety=True)
    page = shown(client, make_member(role), at("board", study.pk))
    assert "家里有危险" not in page and "另有 1 项涉及人身安全" in page


@pytest.mark.parametrize(
    "role", [Role.CORG, Role.VOL, Role.DONOR, Role.RES, Role.EVAL, Role.SYS, Role.SEC, Role.AUD]
)
def test_others_find_no_board(client, study, role):
    client.force_login(make_member(role))
    assert client.get(at("board", study.pk)).status_code in {302, 404}


def test_residents_read_a_planned_need_on_its_thread_not_on_the_page_of_those_at_work(
    client, study
):
    need = make_need(study, status=NeedStatus.PLANNED, voices=1)
    page = shown(client, make_member(Role.RES), need.get_absolute_url())
    assert need.title in page and need.statements.get().text not in page
    # The page of those at work counts voices, and small numbers tell who spoke.
    assert client.get(at("need", need.pk)).status_code == 404


def test_the_board_can_be_filtered(client, cast, study):
    make_need(study, "修路灯", band="A", voices=1)
    other = make_need(study, "办食堂", band="B", need_type=make_need_type("ELD03"))
    make_statement_of(study, other, "elders")
    board = at("board", study.pk)
    for query in ({"field": "ELD"}, {"band": "B"}, {"q": "食堂"}, {"informant": "elders"}):
        page = shown(client, cast.social_worker, board, **query)
        assert "办食堂" in page and "修路灯" not in page, query
    page = shown(client, cast.social_worker, board, status="closed")
    assert "办食堂" not in page


def make_statement_of(study, need, informant):
    statement = make_statement(make_interview(study, informant=informant), "老人吃饭难")
    statement.need = need
    statement.save()


def test_the_board_costs_the_same_queries_for_two_and_for_twenty(client, cast, study):
    client.force_login(cast.social_worker)

    def cost(number):
        for index in range(number):
            make_need(study, f"需求{index}", band="ABCD"[index % 4], voices=1)
        client.get(at("board", study.pk))
        with CaptureQueriesContext(connection) as queries:
            client.get(at("board", study.pk))
        return len(queries)

    assert cost(2) == cost(18) < 35


def test_forming_needs_from_the_board(client, cast, study, monkeypatch):
    use_fakes(monkeypatch)
    make_statement(make_interview(study), "路灯坏了", label=make_need_type(), confidence=0.9)
    client.force_login(cast.social_worker)
    client.post(at("needs_propose", study.pk))
    assert Need.objects.get().statements.count() == 1
    client.force_login(cast.supervisor)
    assert client.post(at("needs_propose", study.pk)).status_code == 403


def test_merging_from_the_board_asks_which_stays(client, cast, study):
    one, two = make_need(study, "路灯"), make_need(study, "照明", voices=1)
    client.force_login(cast.social_worker)
    choose = client.get(at("merge_choose", study.pk), {"need": [one.pk, two.pk]})
    assert choose.status_code == 200 and "保留为主需求" in choose.content.decode()
    client.post(at("merge_choose", study.pk), {"need": [one.pk, two.pk], "main": two.pk})
    one.refresh_from_db()
    assert one.merged_into_id == two.pk
    assert client.get(at("merge_choose", study.pk), {"need": [two.pk]}).status_code == 302


def test_merging_twice_by_a_double_tap_is_merging_once(client, cast, study):
    one, two = make_need(study, "路灯"), make_need(study, "照明")
    client.force_login(cast.social_worker)
    client.post(at("need_merge", two.pk), {"need": [one.pk]})
    again = client.post(at("need_merge", two.pk), {"need": [one.pk]})
    assert again.status_code == 422
    assert Need.objects.filter(status=NeedStatus.MERGED).count() == 1
    client.post(at("need_merge", one.pk), {"undo": "1"})
    assert not Need.objects.filter(status=NeedStatus.MERGED).exists()


@pytest.mark.parametrize("who", CLOSE)
def test_everybody_close_reads_the_need_and_its_voices(client, cast, study, who):
    need = make_need(study, voices=2)
    page = shown(client, getattr(cast, who), at("need", need.pk))
    assert "第1位" in page and "优先级的构成" in page


def test_the_page_of_a_need_in_every_status(client, cast, study):
    main = make_need(study, "主需求")
    for status in NeedStatus:
        merged_into = main if status == NeedStatus.MERGED else None
        need = make_need(study, status=status, voices=1, merged_into=merged_into)
        assert str(status.label) in shown(client, cast.social_worker, at("need", need.pk))


def test_strangers_find_no_need_and_change_none(client, cast, study):
    need = make_need(study, status=NeedStatus.CLASSIFIED)
    client.force_login(cast.stranger)
    assert client.get(at("need", need.pk)).status_code == 404
    posts = [
        at("need_move", need.pk, "verify"), at("need_rename", need.pk), at("need_lock", need.pk),
        at("need_merge", need.pk), at("need_split", need.pk), at("need_edit", need.pk),
        at("need_lift", need.pk), at("needs_propose", study.pk), at("study_weights", study.pk),
    ]  # fmt: skip
    for url in posts:
        assert client.post(url, {"title": "x", "note": "x"}).status_code == 404, url


def test_readers_who_may_not_act_are_told_so(client, cast, study):
    need = make_need(study, status=NeedStatus.CLASSIFIED, voices=1)
    client.force_login(cast.supervisor)
    for url in (at("need_rename", need.pk), at("need_lock", need.pk), at("need_edit", need.pk),
                at("need_move", need.pk, "verify"), at("need_split", need.pk)):  # fmt: skip
        answer = client.post(url, {"title": "x", "note": "x"})
        assert answer.status_code == 403, url


def test_the_steps_on_the_page(client, cast, study):
    need = make_need(study, status=NeedStatus.VERIFIED, voices=1)
    client.force_login(cast.social_worker)
    assert client.post(at("need_move", need.pk, "defer")).status_code == 422
    client.post(at("need_move", need.pk, "defer"), {"note": "明年再做"})
    need.refresh_from_db()
    assert need.status == NeedStatus.DEFERRED
    assert client.post(at("need_move", need.pk, "nonsense")).status_code == 404
    page = client.post(at("need_move", need.pk, "verify"))
    assert page.status_code == 422 and "已经不能进行" in page.content.decode()


def test_splitting_renaming_and_locking_on_the_page(client, cast, study):
    need = make_need(study, voices=3)
    voice = need.statements.first()
    client.force_login(cast.social_worker)
    client.post(at("need_split", need.pk), {"statements": [voice.pk], "title": "另一件事"})
    made = Need.objects.get(title="另一件事")
    assert made.statements.get() == voice
    client.post(at("need_split", made.pk), {"statements": [voice.pk], "target": need.pk})
    assert need.statements.count() == 3
    client.post(at("need_rename", need.pk), {"title": "夜间照明"})
    client.post(at("need_lock", need.pk), {"locked": "1"})
    need.refresh_from_db()
    assert (need.title, need.locked) == ("夜间照明", True)
    assert client.post(at("need_split", need.pk), {"statements": [voice.pk]}).status_code == 422


def test_rating_on_the_page(client, cast, study):
    need = make_need(study, voices=1)
    client.force_login(cast.social_worker)
    assert client.get(at("need_edit", need.pk)).status_code == 200
    facts = {"need_type": need.need_type_id, "severity": "5", "languages": ["nan"]}
    wrong = client.post(at("need_edit", need.pk), {**facts, "people_affected": "20"})
    assert wrong.status_code == 422
    assert client.post(at("need_edit", need.pk), {**facts, "severity": "9"}).status_code == 422
    assert client.post(at("need_edit", need.pk), facts).status_code == 302
    need.refresh_from_db()
    assert (need.severity, need.languages, need.urgency) == (5, ["nan"], None)


def test_the_export_holds_no_safety_and_is_logged(client, cast, study):
    make_need(study, "修路灯", voices=2)
    make_need(study, "家里有危险", safety=True)
    client.force_login(cast.social_worker)
    answer = client.get(at("board_export", study.pk))
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    words = str(rows)
    assert "修路灯" in words and "家里有危险" not in words
    line = AccessLine.objects.get(verb="export")
    assert (line.verb, line.rows, line.actor) == ("export", 1, cast.social_worker)


def test_weights_are_set_in_percent_and_must_make_a_hundred(client, cast, study):
    need = make_need(study, voices=1)
    client.force_login(cast.manager)
    url = at("study_weights", study.pk)
    assert client.get(url).status_code == 200
    percents = {"severity": 40, "urgency": 20, "reach": 20, "evidence": 10, "feasibility": 5}
    assert client.post(url, percents).status_code == 422
    assert not WeightSet.objects.exists()
    assert client.post(url, {**percents, "feasibility": 10}).status_code == 302
    need.refresh_from_db()
    assert need.weights == WeightSet.objects.get()
    assert "W" in shown(client, cast.manager, at("weights"))


def test_who_may_not_weigh_reads_the_weights(client, cast, study):
    page = shown(client, cast.social_worker, at("study_weights", study.pk))
    assert "data-weight" not in page
    client.force_login(cast.social_worker)
    assert client.post(at("study_weights", study.pk), {}).status_code == 403
    client.force_login(make_member(Role.TOWN))
    assert client.get(at("study_weights", study.pk)).status_code == 403
