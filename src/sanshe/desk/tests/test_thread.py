"""The thread page: the whole row for those close to it, the public part for the public."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from sanshe.accounts.models import User
from sanshe.core.history import record
from sanshe.desk.tests.factories import make_proposal
from sanshe.matching.models import Gap
from sanshe.matching.tests.factories import make_match, make_offer, make_run
from sanshe.needs.models import Need, NeedStatus, Study
from sanshe.needs.tests.factories import make_interview, make_need, make_statement, make_study
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import Cast, make_member
from sanshe.projects.models import ProposalMove, ProposalStatus

pytestmark = pytest.mark.django_db
WORDS = "路灯坏了两个月"


@pytest.fixture
def study(cast: Cast) -> Study:
    return make_study(organization=cast.agency)


def make_spoken_need(study: Study, voices: int = 1, **about: object) -> Need:
    interview = make_interview(study)
    said = [make_statement(interview, f"{WORDS}，第{n}户") for n in range(voices)]
    return make_need(study, statements=said, **about)  # type: ignore[arg-type]


def page_of(user: User, need: Need) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(f"/threads/{need.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def status_for(user: User, need: Need) -> int:
    client = Client()
    client.force_login(user)
    return client.get(f"/threads/{need.pk}/").status_code


def test_the_row_is_told_from_the_voice_to_the_decision(cast: Cast, study: Study) -> None:
    need = make_spoken_need(study, status=NeedStatus.VERIFIED)
    offer = make_offer("路灯报修队")
    make_match(make_run(study), need, offer)
    proposal = make_proposal(study, status=ProposalStatus.REVIEW, answering=(need,))
    record(proposal, ProposalMove.RETURN, actor=cast.community_worker, note="预算请补充依据")
    need.answer = "本月底前修好"
    need.save()

    page = page_of(cast.social_worker, need)

    order = [WORDS, "登记日期", "路灯报修队", "点亮回家路", "预算请补充依据", "本月底前修好"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_each_thing_links_to_its_own_page(cast: Cast, study: Study) -> None:
    need = make_spoken_need(study)
    offer = make_offer()
    match = make_match(make_run(study), need, offer)
    proposal = make_proposal(study, answering=(need,))
    page = page_of(cast.social_worker, need)
    things = [
        study, need.statements.get().interview, match.run, offer, offer.organization, proposal,
        need.need_type, need.community,
    ]  # fmt: skip
    for thing in things:
        assert f'href="{thing.get_absolute_url()}"' in page, thing


def test_voices_of_merged_needs_are_heard_on_the_main_one(cast: Cast, study: Study) -> None:
    main = make_spoken_need(study)
    other = make_need(study, "楼道灯不亮", status=NeedStatus.MERGED, merged_into=main, voices=2)
    page = page_of(cast.social_worker, main)
    assert "共 3 条" in page
    assert "楼道灯不亮（第1位）" in page
    assert main.title in page_of(cast.social_worker, other)


def test_a_gap_is_told_with_its_reason(cast: Cast, study: Study) -> None:
    need = make_spoken_need(study)
    Gap.objects.create(run=make_run(study), need=need, reason="全市没有这类资源")
    assert "全市没有这类资源" in page_of(cast.social_worker, need)


def test_an_earlier_gap_is_past_once_a_newer_run_matched(cast: Cast, study: Study) -> None:
    need = make_spoken_need(study)
    Gap.objects.create(run=make_run(study, current=False), need=need, reason="全市没有这类资源")
    make_match(make_run(study), need, make_offer("新来的资源"))
    page = page_of(cast.social_worker, need)
    assert "新来的资源" in page and "全市没有这类资源" not in page


def test_the_priority_shows_what_it_is_made_of(cast: Cast, study: Study) -> None:
    need = make_spoken_need(study)
    need.components = {"severity": 0.75, "urgency": 0.5, "reach": 1, "evidence": 0.5}
    need.save()
    page = page_of(cast.social_worker, need)
    assert "严重程度" in page and "75%" in page and "22.5" in page


def test_a_safety_need_is_for_those_close_to_it_alone(cast: Cast, study: Study) -> None:
    need = make_spoken_need(study, safety=True)
    assert "24 小时内直接处理" in page_of(cast.social_worker, need)
    assert status_for(cast.community_worker, need) == 200
    for user in (cast.town_officer, cast.stranger, cast.strange_community_worker):
        assert status_for(user, need) == 404
    for role in (Role.CITY, Role.CIVIL, Role.STATION, Role.RES, Role.VOL, Role.DONOR, Role.AUD):
        assert status_for(make_member(role), need) in (302, 404)


def test_officers_read_the_row_but_open_no_interview(cast: Cast, study: Study) -> None:
    need = make_spoken_need(study, status=NeedStatus.VERIFIED)
    page = page_of(cast.town_officer, need)
    assert WORDS in page
    assert need.statements.get().interview.get_absolute_url() not in page
    assert "在看板上处理" not in page


@pytest.mark.parametrize("role", [Role.RES, Role.VOL, Role.DONOR, Role.CORG])
def test_the_public_reads_the_outcome_and_nobodys_words(
    cast: Cast, study: Study, role: Role
) -> None:
    need = make_spoken_need(study, voices=3, status=NeedStatus.PLANNED)
    make_match(make_run(study), need, make_offer("路灯报修队"))
    make_proposal(study, "通过的项目", status=ProposalStatus.APPROVED, answering=(need,))
    make_proposal(study, "在审的项目", status=ProposalStatus.REVIEW, answering=(need,))
    record(need, "verify", actor=cast.social_worker, note="内部说明")
    page = page_of(make_member(role), need)
    assert "通过的项目" in page
    for hidden in (WORDS, "路灯报修队", "在审的项目", "内部说明", study.title, "共 3 条"):
        assert hidden not in page, hidden
    assert "人数较少，不公开具体数字" in page


def test_the_public_is_told_a_number_of_five_or_more(cast: Cast, study: Study) -> None:
    need = make_spoken_need(study, voices=5, status=NeedStatus.ANSWERED)
    assert "共 5 条" in page_of(make_member(Role.RES), need)


def test_strangers_and_signed_out_people_get_nothing(
    cast: Cast, study: Study, client: Client
) -> None:
    need = make_spoken_need(study)
    assert status_for(cast.stranger, need) == 404
    assert status_for(cast.strange_community_worker, need) == 404
    assert client.get(f"/threads/{need.pk}/").status_code == 302


def test_what_residents_said_is_never_markup(cast: Cast, study: Study) -> None:
    said = make_statement(make_interview(study), "<b>修灯</b>")
    need = make_need(study, "<i>灯</i>", statements=[said])
    page = page_of(cast.social_worker, need)
    assert "<b>修灯</b>" not in page and "&lt;b&gt;修灯" in page
    assert "<i>灯</i>" not in page


def test_the_number_of_questions_does_not_grow_with_the_row(
    cast: Cast, study: Study, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def row(size: int) -> Need:
        need = make_spoken_need(study, voices=size, status=NeedStatus.VERIFIED)
        for number in range(size):
            merged = {"status": NeedStatus.MERGED, "merged_into": need}
            make_need(study, f"并入{number}", voices=1, **merged)  # type: ignore[arg-type]
            proposal = make_proposal(study, f"方案{number}", answering=(need,))
            record(proposal, ProposalMove.SUBMIT, actor=cast.social_worker)
            record(need, "edit", actor=cast.social_worker)
            make_match(make_run(study, current=False), need, make_offer(f"资源{number}"))
        return need

    small, large = row(2), row(20)
    page_of(cast.social_worker, small)
    with CaptureQueriesContext(connection) as two:
        page_of(cast.social_worker, small)
    with django_assert_num_queries(len(two)):
        page_of(cast.social_worker, large)
