"""The page of a run: summary first, then one part at a time, narrowed and paged."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sanshe.matching.models import MatchRun, MatchStatus
from sanshe.matching.services.decisions import Decision, decide_match
from sanshe.matching.tests.factories import make_gap, make_match, make_offer, make_run
from sanshe.needs.models import Study
from sanshe.needs.tests.factories import make_need, make_need_type
from sanshe.organizations.tests.factories import Cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def run(study: Study) -> MatchRun:
    return make_run(study)


@pytest.fixture
def worker(client: Client, cast: Cast) -> Client:
    client.force_login(cast.social_worker)
    return client


def page(client: Client, run: MatchRun, **asked: object) -> str:
    answer = client.get(run.get_absolute_url(), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(html: str) -> list[str]:
    return re.findall(r'<article class="run-row[^"]*" id="([a-z]+-\d+)"', html)


def test_the_summary_counts_matches_and_gaps_by_band_and_leads_to_them(
    worker: Client, study: Study, run: MatchRun
) -> None:
    for number in range(3):
        make_match(run, make_need(study, f"甲{number}", band="A"), make_offer(f"资源{number}"))
    make_gap(run, make_need(study, "丙", band="C"))
    html = page(worker, run)
    assert "<strong>3</strong> 项需求匹配到资源，<strong>1</strong> 项是缺口" in html
    assert 'href="?show=matched&amp;band=A">3<' in html
    assert 'href="?show=gaps&amp;band=C">1<' in html


def test_a_part_is_paged_by_twenty_five(worker: Client, study: Study, run: MatchRun) -> None:
    offer = make_offer(capacity=40)
    for number in range(30):
        make_match(run, make_need(study, f"需求{number}"), offer)
    first, second = rows(page(worker, run)), rows(page(worker, run, page=2))
    assert (len(first), len(second)) == (25, 5)
    assert not set(first) & set(second)


def test_matches_are_narrowed_by_band_type_and_offer(
    worker: Client, study: Study, run: MatchRun
) -> None:
    meals = make_need_type("ELD03")
    one = make_match(run, make_need(study, "路灯", band="A"), make_offer("巡修"))
    two = make_match(run, make_need(study, "吃饭", band="C", need_type=meals), make_offer("食堂"))
    narrowed = {
        ("band", "A"): [one], ("leaf", "ELD03"): [two], ("offer", str(one.offer_id)): [one],
        ("band", "nonsense"): [one, two], ("offer", "0"): [one, two],
    }  # fmt: skip
    for (name, value), expected in narrowed.items():
        found = rows(page(worker, run, **{name: value}))
        assert found == [f"match-{match.pk}" for match in expected], (name, value)


def test_gaps_are_grouped_by_field_and_place_and_each_group_opens_its_needs(
    worker: Client, study: Study, run: MatchRun
) -> None:
    make_gap(run, make_need(study, "路灯", band="C", priority=40))
    lone = make_gap(run, make_need(study, "陪伴", band="A", need_type=make_need_type("ELD05")))
    html = page(worker, run, show="gaps")
    links = re.findall(r'href="(\?show=gaps&amp;field=(\w+)&amp;place=\d+)"', html)
    assert [field for _link, field in links] == ["ELD", "ENV"], "the most pressing first"
    address = run.get_absolute_url() + links[0][0].replace("&amp;", "&")
    opened = worker.get(address).content.decode()
    assert rows(opened) == [f"gap-{lone.pk}"]
    assert "按领域和地点" not in opened


def test_decided_holds_what_people_have_said_something_about(
    worker: Client, cast: Cast, study: Study, run: MatchRun
) -> None:
    taken, pinned, left = (
        make_match(run, make_need(study, title), make_offer(title)) for title in "甲乙丙"
    )
    decide_match(match=taken, decision=Decision.ACCEPT, actor=cast.social_worker)
    decide_match(match=pinned, decision=Decision.PIN, actor=cast.social_worker)
    assert set(rows(page(worker, run, show="decided"))) == {
        f"match-{taken.pk}", f"match-{pinned.pk}"
    }  # fmt: skip
    assert f"match-{left.pk}" in rows(page(worker, run)), "every match stays in the first part"
    assert f"match-{taken.pk}" in rows(page(worker, run))


def test_a_decision_without_script_returns_to_the_same_rows(
    worker: Client, study: Study, run: MatchRun
) -> None:
    match = make_match(run, make_need(study), make_offer())
    answer = worker.post(
        reverse("matching:match_decide", args=[match.pk]),
        {"decision": "accept", "back": "show=matched&band=B&page=2&next=//evil.example/"},
    )
    assert answer["Location"] == (
        f"{run.get_absolute_url()}?show=matched&page=2&band=B#match-{match.pk}"
    )
    match.refresh_from_db()
    assert match.status == MatchStatus.ACCEPTED


def test_the_forms_of_a_row_remember_where_one_is(
    worker: Client, study: Study, run: MatchRun
) -> None:
    match = make_match(run, make_need(study, band="B"), make_offer())
    assert 'name="back" value="show=matched&amp;band=B"' in page(
        worker, run, show="matched", band="B"
    )
    url = reverse("matching:match_decide", args=[match.pk])
    told = worker.post(url, {"decision": "accept", "back": "band=B"}, headers=HTMX)
    html = told.content.decode()
    assert rows(html) == [f"match-{match.pk}"] and 'value="band=B"' in html
    assert 'id="run-tabs" hx-swap-oob="true"' in html and "已处理 1" in html


def test_what_one_may_not_decide_has_no_forms(
    client: Client, cast: Cast, study: Study, run: MatchRun
) -> None:
    make_match(run, make_need(study, "路灯"), make_offer("巡修"))
    client.force_login(cast.town_officer)
    html = page(client, run)
    assert "巡修" in html and 'name="decision"' not in html


def test_hidden_safety_needs_are_in_no_count_but_their_own(
    client: Client, cast: Cast, study: Study, run: MatchRun
) -> None:
    make_match(run, make_need(study, "身上有伤", safety=True), make_offer("未保"))
    make_gap(run, make_need(study, "不想活", safety=True))
    make_match(run, make_need(study, "路灯"), make_offer("巡修"))
    client.force_login(cast.town_officer)
    for show in ("matched", "gaps", "decided"):
        html = page(client, run, show=show, band="P0")
        assert "身上有伤" not in html and "不想活" not in html and "未保" not in html
        assert "另有 2 项人身安全需求" in html
        assert "<strong>1</strong> 项需求匹配到资源，<strong>0</strong> 项是缺口" in html


@pytest.mark.parametrize("show", ["matched", "gaps", "decided"])
def test_every_part_costs_the_same_for_two_and_for_twenty(
    worker: Client, study: Study, run: MatchRun, show: str
) -> None:
    fields = ("ENV03", "ELD05")

    def cost(number: int) -> int:
        for at in range(number):
            need_type = make_need_type(fields[at % 2])
            match = make_match(run, make_need(study, need_type=need_type), make_offer(f"资源{at}"))
            match.pinned = True
            match.save()
            make_gap(run, make_need(study, need_type=need_type), match.offer)
        page(worker, run, show=show)
        with CaptureQueriesContext(connection) as queries:
            page(worker, run, show=show)
        return len(queries)

    assert cost(2) == cost(18) <= 24
