"""The first page: each role finds its own work, and never more than it may see."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from time_machine import TimeMachineFixture

from sanshe.accounts.models import User
from sanshe.accounts.tests.factories import make_user
from sanshe.core.history import record
from sanshe.core.models import AccessLine
from sanshe.desk.tests.factories import make_proposal
from sanshe.needs.models import NeedStatus, StudyStatus
from sanshe.needs.tests.factories import make_interview, make_need, make_statement, make_study
from sanshe.organizations.models import ADMIN_ROLES, Membership, Role
from sanshe.organizations.tests.factories import Cast, make_member
from sanshe.projects.models import ProposalStatus

pytestmark = pytest.mark.django_db


def page_of(user: User) -> str:
    client = Client()
    if user.memberships.filter(role__in=ADMIN_ROLES).exists():
        Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}}
        )
    client.force_login(user)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_signed_out_people_are_asked_to_sign_in(client: Client) -> None:
    assert client.get("/")["Location"].startswith("/account/login/")


def test_a_social_worker_finds_the_statements_to_check(cast: Cast) -> None:
    study = make_study(organization=cast.agency)
    interview = make_interview(study)
    make_statement(interview)
    make_statement(interview)
    make_statement(interview, checked=True)
    assert "核对 2 条诉求" in page_of(cast.social_worker)


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (StudyStatus.PLANNED, "开始采集"),
        (StudyStatus.COLLECTING, "录入访谈或导入记录"),
        (StudyStatus.SORTING, "整理需求清单"),
        (StudyStatus.RANKING, "研判排序，匹配资源"),
        (StudyStatus.FINAL, "提交社区确认"),
        (StudyStatus.CONFIRMED, "起草项目方案"),
    ],
)
def test_each_study_says_its_next_step(cast: Cast, status: str, step: str) -> None:
    make_study(organization=cast.agency, status=status)
    assert step in page_of(cast.social_worker)
    assert step not in page_of(cast.stranger)


def test_a_study_whose_proposal_is_being_written_is_done_with(cast: Cast) -> None:
    study = make_study(organization=cast.agency, status=StudyStatus.CONFIRMED)
    make_proposal(study)
    page = page_of(cast.social_worker)
    assert "起草项目方案" not in page
    assert "继续撰写" in page


def test_safety_comes_first_and_says_how_long_is_left(
    cast: Cast, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-03-02 09:00:00+08:00", tick=False)
    need = make_need(make_study(organization=cast.agency), "夜里常听到孩子哭喊", safety=True)
    page = page_of(cast.social_worker)
    assert "还剩 24 小时" in page
    assert page.index("人身安全：24 小时内处理") < page.index("进行中的调研")

    need.safety_since = timezone.now() - timedelta(hours=30)
    need.save()
    assert "已超过 6 小时" in page_of(cast.social_worker)
    assert "夜里常听到孩子哭喊" in page_of(cast.community_worker)


def test_a_safety_need_that_was_taken_on_no_longer_waits(cast: Cast) -> None:
    study = make_study(organization=cast.agency)
    make_need(study, "夜里常听到孩子哭喊", safety=True, status=NeedStatus.REFERRED)
    assert "夜里常听到孩子哭喊" not in page_of(cast.social_worker)


@pytest.mark.parametrize("role", [Role.CITY, Role.CIVIL, Role.TOWN, Role.STATION])
def test_officers_get_the_number_of_safety_needs_and_no_more(cast: Cast, role: Role) -> None:
    make_need(make_study(organization=cast.agency), "夜里常听到孩子哭喊", safety=True)
    page = page_of(make_member(role))
    assert "夜里常听到孩子哭喊" not in page
    assert "人身安全事项" in page
    assert "此处只显示数量" in page


@pytest.mark.parametrize(
    "role", [Role.CORG, Role.VOL, Role.DONOR, Role.RES, Role.EVAL, Role.SYS, Role.SEC, Role.AUD]
)
def test_everybody_else_learns_nothing_of_safety_needs(cast: Cast, role: Role) -> None:
    make_need(make_study(organization=cast.agency), "夜里常听到孩子哭喊", safety=True)
    page = page_of(make_member(role))
    assert "夜里常听到孩子哭喊" not in page
    assert "人身安全" not in page


def test_the_committee_finds_reports_and_proposals_that_wait_for_it(cast: Cast) -> None:
    study = make_study("待确认的报告", organization=cast.agency, status=StudyStatus.SUBMITTED)
    make_proposal(study, "刚到的方案", status=ProposalStatus.SUBMITTED)
    make_proposal(study, "在审的方案", status=ProposalStatus.REVIEW)
    make_proposal(study, "还在机构的方案", status=ProposalStatus.INTERNAL)
    page = page_of(cast.community_worker)
    assert "待确认的报告" in page
    assert "受理并开始初审" in page and "提出初审意见" in page
    assert "还在机构的方案" not in page

    stranger = page_of(cast.strange_community_worker)
    assert "待确认的报告" not in stranger and "刚到的方案" not in stranger


def test_the_agency_finds_what_came_back_and_what_it_must_look_through(cast: Cast) -> None:
    study = make_study(organization=cast.agency, status=StudyStatus.ARCHIVED)
    make_proposal(study, "被退回的方案", status=ProposalStatus.RETURNED)
    make_proposal(study, "待内审的方案", status=ProposalStatus.INTERNAL)
    manager = page_of(cast.manager)
    assert "按社区意见修改" in manager and "机构内审" in manager
    assert "待内审的方案" not in page_of(cast.social_worker)
    assert "被退回的方案" not in page_of(cast.stranger)


def test_needs_whose_residents_heard_nothing_wait_for_an_answer(cast: Cast) -> None:
    study = make_study(organization=cast.agency)
    need = make_need(study, "路灯不亮", status=NeedStatus.ANSWERED)
    assert "等待答复的居民诉求" in page_of(cast.community_worker)
    need.answer = "已修好"
    need.save()
    assert "等待答复的居民诉求" not in page_of(cast.community_worker)


def test_what_only_moves_is_not_called_work(cast: Cast) -> None:
    make_study(organization=cast.agency)
    page = page_of(make_member(Role.CITY))
    assert "调研进展" in page
    assert "目前没有等您处理的事" in page


def test_residents_see_what_is_public(cast: Cast) -> None:
    study = make_study(organization=cast.agency)
    make_need(study, "已经立项的需求", status=NeedStatus.PLANNED)
    make_need(study, "还在整理的需求", status=NeedStatus.CLASSIFIED)
    make_proposal(study, "通过的项目", status=ProposalStatus.APPROVED)
    make_proposal(study, "在审的项目", status=ProposalStatus.REVIEW)
    page = page_of(make_member(Role.RES))
    assert "已经立项的需求" in page and "通过的项目" in page
    assert "还在整理的需求" not in page and "在审的项目" not in page
    assert "有话想说" in page


def test_an_evaluator_without_a_project_is_told_why_nothing_is_there() -> None:
    assert "目前没有分配给您的评估项目" in page_of(make_member(Role.EVAL))


def test_a_person_without_a_role_is_told_whom_to_ask() -> None:
    assert "账号还没有分配角色" in page_of(make_user("new"))


def test_administrators_see_no_business(cast: Cast) -> None:
    study = make_study("某项调研", organization=cast.agency)
    make_need(study, "某个需求")
    make_proposal(study, "某个方案", status=ProposalStatus.APPROVED)
    for role in sorted(ADMIN_ROLES):
        page = page_of(make_member(Role(role)))
        assert "某项调研" not in page and "某个需求" not in page and "某个方案" not in page


def test_sec_finds_people_without_roles_roles_that_end_and_lock_outs() -> None:
    make_user("new", name="新来的人")
    ending = timezone.localdate() + timedelta(days=10)
    make_member(Role.SW, user=make_user("temp", name="借调社工"), until=ending)
    guessed = make_member(Role.SW, user=make_user("guessed", name="被猜密码的人"))
    AccessLine.objects.create(
        subject="accounts.user", subject_pk=str(guessed.pk), verb="lock_out", address="10.0.0.9"
    )
    page = page_of(make_member(Role.SEC))
    for words in ("新来的人", "借调社工", "被猜密码的人", "10.0.0.9"):
        assert words in page


def test_sec_is_told_of_administrators_without_a_second_factor() -> None:
    make_member(Role.AUD, user=make_user("aud", name="审计员"))
    page = page_of(make_member(Role.SEC))
    assert "未启用第二因素的管理员" in page and "审计员" in page


def test_aud_sees_how_much_was_changed_and_read() -> None:
    user = make_user()
    record(user, "edit", actor=user)
    assert "24 小时内的变更" in page_of(make_member(Role.AUD))


def test_what_two_roles_bring_is_added_up(cast: Cast) -> None:
    Membership.objects.create(user=cast.social_worker, role=Role.COMM, division=cast.community)
    make_study("自己的调研", organization=cast.agency, status=StudyStatus.FINAL)
    make_study("待确认", organization=cast.other_agency, status=StudyStatus.SUBMITTED)
    page = page_of(cast.social_worker)
    assert "提交社区确认" in page and "确认或退回调研报告" in page


@pytest.mark.parametrize("role", list(Role))
def test_the_number_of_questions_does_not_grow_with_the_work(
    role: Role, django_assert_num_queries: DjangoAssertNumQueries, cast: Cast
) -> None:
    user = make_member(role)
    _work(cast, 2)
    page_of(user)
    with CaptureQueriesContext(connection) as two:
        page_of(user)
    _work(cast, 20)
    with django_assert_num_queries(len(two)):
        page_of(user)


def _work(cast: Cast, rows: int) -> None:
    for number in range(rows):
        study = make_study(f"调研{number}", organization=cast.agency)
        make_statement(make_interview(study))
        make_need(study, safety=True)
        make_need(study, status=NeedStatus.PLANNED)
        make_study(organization=cast.agency, status=StudyStatus.SUBMITTED)
        for status in ProposalStatus.values:
            make_proposal(study, status=status)
        user = make_user(f"user{number}-{rows}")
        AccessLine.objects.create(subject="accounts.user", subject_pk=str(user.pk), verb="lock_out")
