"""Two persons for what takes over or removes an administrator: one asks, another confirms."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from time_machine import TimeMachineFixture

from sanshe.accounts.models import DualReview, ReviewAct, ReviewStatus, User
from sanshe.accounts.tests.factories import PASSWORD, make_user
from sanshe.accounts.tests.test_users import signed_in, verbs_of
from sanshe.core.models import HistoryLine
from sanshe.organizations.models import Membership, Role
from sanshe.organizations.selectors import memberships_on
from sanshe.organizations.tests.factories import make_member

pytestmark = pytest.mark.django_db

#: Address of each act on an account, and what has changed once it is done.
ACTS = {
    "reset-password": lambda user: not user.check_password(PASSWORD),
    "reset-mfa": lambda user: not Authenticator.objects.filter(user=user).exists(),
    "unlock": lambda user: "unlock" in verbs_of(user),
    "disable": lambda user: not user.is_active,
}


@pytest.fixture
def three() -> dict[Role, User]:
    """One of each, all with a second factor."""
    found = {role: make_member(role) for role in (Role.SYS, Role.SEC, Role.AUD)}
    for user in found.values():
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return found


def act_on(user: User, action: str, role: Role = Role.SEC) -> int:
    return signed_in(role).post(f"/account/users/{user.pk}/{action}/").status_code


def decide(role: Role, what: str = "confirm") -> int:
    review = DualReview.objects.latest("pk")
    return signed_in(role).post(f"/account/reviews/{review.pk}/{what}/").status_code


def done(user: User, action: str) -> bool:
    return ACTS[action](User.objects.get(pk=user.pk))


@pytest.mark.parametrize("action", ACTS)
def test_one_alone_does_nothing_to_an_administrator(three: dict[Role, User], action: str) -> None:
    auditor = three[Role.AUD]
    for _again in range(2):
        assert act_on(auditor, action) == 302
    assert not done(auditor, action)
    review = DualReview.objects.get()
    assert (review.status, review.asked_by) == (ReviewStatus.WAITING, three[Role.SEC])
    assert verbs_of(auditor) == ["ask_review"]


@pytest.mark.parametrize("action", ACTS)
def test_confirmed_by_another_it_is_the_askers_to_do_once(
    three: dict[Role, User], action: str
) -> None:
    auditor = three[Role.AUD]
    act_on(auditor, action)
    assert decide(Role.SYS) == 302
    assert not done(auditor, action)
    act_on(auditor, action)
    assert done(auditor, action)
    assert DualReview.objects.get().status == ReviewStatus.DONE
    assert verbs_of(auditor)[:2] == ["ask_review", "confirm_review"]
    last = HistoryLine.objects.filter(subject_pk=str(auditor.pk), subject="accounts.user").first()
    assert last is not None and str(three[Role.SYS]) in last.note and last.actor == three[Role.SEC]


def test_a_second_time_needs_a_second_confirmation(three: dict[Role, User]) -> None:
    auditor = three[Role.AUD]
    act_on(auditor, "unlock")
    decide(Role.SYS)
    act_on(auditor, "unlock")
    act_on(auditor, "unlock")
    assert verbs_of(auditor).count("unlock") == 1
    assert DualReview.objects.filter(status=ReviewStatus.WAITING).count() == 1


def test_what_was_confirmed_for_one_act_opens_no_other(three: dict[Role, User]) -> None:
    auditor = three[Role.AUD]
    act_on(auditor, "unlock")
    decide(Role.SYS)
    act_on(auditor, "reset-password")
    assert not done(auditor, "reset-password")


def test_the_one_time_password_is_shown_to_the_asker_alone(three: dict[Role, User]) -> None:
    auditor = three[Role.AUD]
    act_on(auditor, "reset-password")
    review = DualReview.objects.get()
    told = signed_in(Role.SYS).post(f"/account/reviews/{review.pk}/confirm/", follow=True)
    assert 'id="password"' not in told.content.decode()
    page = signed_in(Role.SEC).post(f"/account/users/{auditor.pk}/reset-password/")
    found = re.search(r'id="password">([^<]+)<', page.content.decode())
    auditor.refresh_from_db()
    assert found and auditor.check_password(found[1])


def test_neither_the_asker_nor_the_one_concerned_confirms(three: dict[Role, User]) -> None:
    act_on(three[Role.AUD], "disable")
    assert decide(Role.SEC) == 403
    assert decide(Role.AUD) == 403
    assert DualReview.objects.get().status == ReviewStatus.WAITING


def test_the_database_takes_no_confirmation_by_the_asker(three: dict[Role, User]) -> None:
    sec = three[Role.SEC]
    with pytest.raises(IntegrityError), transaction.atomic():
        DualReview.objects.create(
            act=ReviewAct.UNLOCK, user=three[Role.AUD], asked_by=sec, decided_by=sec,
            status=ReviewStatus.CONFIRMED,
        )  # fmt: skip


def test_where_there_is_no_third_the_one_concerned_confirms() -> None:
    make_member(Role.SEC)
    keeper = make_member(Role.SYS)
    act_on(keeper, "unlock")
    assert decide(Role.SYS) == 302
    act_on(keeper, "unlock")
    assert "unlock" in verbs_of(keeper)


def test_a_stopped_account_is_no_third(three: dict[Role, User]) -> None:
    User.objects.filter(pk=three[Role.SYS].pk).update(is_active=False)
    act_on(three[Role.AUD], "unlock")
    assert decide(Role.AUD) == 302


def test_the_only_administrator_is_told_of_the_command_line() -> None:
    gone = make_member(Role.AUD)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    page = signed_in(Role.SEC).post(f"/account/users/{gone.pk}/enable/", follow=True)
    assert "mend_account" in page.content.decode()
    gone.refresh_from_db()
    assert not gone.is_active and not DualReview.objects.exists()


def test_refused_or_withdrawn_it_is_over(three: dict[Role, User]) -> None:
    auditor = three[Role.AUD]
    act_on(auditor, "disable")
    assert decide(Role.SYS, "refuse") == 302
    act_on(auditor, "disable")
    decide(Role.SYS)
    assert decide(Role.SEC, "refuse") == 302
    assert not done(auditor, "disable")
    assert verbs_of(auditor) == [
        "ask_review", "refuse_review", "ask_review", "confirm_review", "withdraw_review",
    ]  # fmt: skip
    act_on(auditor, "disable")
    assert not done(auditor, "disable")


@pytest.mark.parametrize("confirmed", [False, True])
def test_after_some_days_it_is_too_late(
    three: dict[Role, User], confirmed: bool, time_machine: TimeMachineFixture
) -> None:
    auditor = three[Role.AUD]
    act_on(auditor, "unlock")
    if confirmed:
        decide(Role.SYS)
    time_machine.move_to(timezone.now() + timedelta(days=settings.DUAL_REVIEW_DAYS, seconds=1))
    decide(Role.SYS)
    act_on(auditor, "unlock")
    assert "unlock" not in verbs_of(auditor)
    assert "已过期" in signed_in(Role.AUD).get("/account/reviews/").content.decode()
    assert DualReview.objects.count() == 2


def test_an_ordinary_account_needs_no_second_person(three: dict[Role, User]) -> None:
    user = make_member(Role.SW)
    act_on(user, "disable", Role.SYS)
    assert done(user, "disable") and not DualReview.objects.exists()


def test_each_of_the_three_sees_it_on_the_first_page(three: dict[Role, User]) -> None:
    act_on(three[Role.AUD], "reset-password")
    pages = {role: signed_in(role).get("/").content.decode() for role in three}
    assert "等您复核的管理员事项" in pages[Role.SYS]
    for role in (Role.SEC, Role.AUD):
        assert "等您复核" not in pages[role] and "双人复核进展" in pages[role]
    decide(Role.SYS)
    assert "复核已同意，等您办理" in signed_in(Role.SEC).get("/").content.decode()


def test_the_page_shows_what_was_done_to_the_account_lately(three: dict[Role, User]) -> None:
    new = make_user("newcomer")
    act_on(new, "reset-password")
    signed_in(Role.SEC).post("/organizations/members/", {"username": "newcomer", "role": "aud"})
    page = signed_in(Role.SYS).get("/account/reviews/").content.decode()
    assert "newcomer" in page and "审计管理员" in page and "重置密码" in page


@pytest.mark.parametrize("role", [Role.SW, Role.AGENCY, Role.CITY])
def test_nobody_else_sees_or_decides(three: dict[Role, User], role: Role) -> None:
    act_on(three[Role.AUD], "unlock")
    assert signed_in(role).get("/account/reviews/").status_code == 403
    for what in ("confirm", "refuse"):
        assert decide(role, what) == 404


@pytest.mark.parametrize("rows", [2, 20])
def test_the_page_costs_the_same_for_two_and_for_twenty(
    three: dict[Role, User], rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        about = make_user(f"admin{number}")
        DualReview.objects.create(act=ReviewAct.UNLOCK, user=about, asked_by=three[Role.SEC])
        DualReview.objects.create(
            act=ReviewAct.UNLOCK, user=about, asked_by=three[Role.SEC], status=ReviewStatus.DONE
        )
    client = signed_in(Role.SYS)
    client.get("/account/reviews/")
    # session, person, roles, second factor, open, their lines, administrators, count, closed
    with django_assert_num_queries(9):
        client.get("/account/reviews/")


# Roles of administrators --------------------------------------------------------------------


def held(username: str) -> set[str]:
    current = memberships_on(timezone.localdate()).filter(user__username=username)
    return set(current.values_list("role", flat=True))


def carry_out() -> int:
    review = DualReview.objects.latest("pk")
    return signed_in(Role.SEC).post(f"/organizations/role-reviews/{review.pk}/").status_code


def test_an_administrators_role_is_given_by_two(three: dict[Role, User]) -> None:
    make_user("newcomer")
    give = {"username": "newcomer", "role": "aud"}
    page = signed_in(Role.SEC).post("/organizations/members/", give, follow=True)
    assert "双人复核" in page.content.decode()
    assert held("newcomer") == set()
    assert carry_out() == 302
    assert held("newcomer") == set()
    decide(Role.AUD)
    assert "办理" in signed_in(Role.SEC).get("/organizations/members/").content.decode()
    carry_out()
    assert held("newcomer") == {"aud"}
    assert carry_out() == 404


def test_an_administrators_role_is_ended_by_two(three: dict[Role, User]) -> None:
    membership = Membership.objects.get(user=three[Role.AUD])
    signed_in(Role.SEC).post(f"/organizations/members/{membership.pk}/end/")
    assert held("aud") == {"aud"}
    decide(Role.SYS)
    carry_out()
    assert held("aud") == set()
    assert str(three[Role.SYS]) in HistoryLine.objects.get(verb="end_role").note


def test_other_roles_are_given_at_once(three: dict[Role, User]) -> None:
    make_user("newcomer")
    make_member(Role.VOL)
    give = {"username": "newcomer", "role": "vol", "organization_name": "测试志愿者所属组织"}
    signed_in(Role.SEC).post("/organizations/members/", give)
    assert held("newcomer") == {"vol"}


# The server's own command line ---------------------------------------------------------------


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("mend_account", *arguments, stdout=out)
    return out.getvalue()


def test_the_operator_mends_an_account_on_record(three: dict[Role, User]) -> None:
    auditor = three[Role.AUD]
    found = re.search(r"one-time password: (\S+)", told("aud", "new-password"))
    auditor.refresh_from_db()
    assert found and auditor.check_password(found[1]) and auditor.must_change_password
    told("aud", "forget-second-factor")
    assert not Authenticator.objects.filter(user=auditor).exists()
    told("aud", "unlock")
    told("aud", "disable")
    told("aud", "enable")
    assert verbs_of(auditor) == ["reset_password", "reset_mfa", "unlock", "disable", "enable"]
    lines = HistoryLine.objects.filter(subject="accounts.user", subject_pk=str(auditor.pk))
    assert all(line.actor is None and "命令行" in line.note for line in lines)


def test_unlocking_from_the_command_line_lets_a_person_in() -> None:
    make_user("lin")
    guesser = Client()
    for _attempt in range(6):
        guesser.post("/account/login/", {"login": "lin", "password": "wrong"})
    right = {"login": "lin", "password": PASSWORD}
    assert guesser.post("/account/login/", right).status_code == 200
    told("lin", "unlock")
    assert guesser.post("/account/login/", right).status_code == 302


def test_the_operator_is_told_what_cannot_be_done() -> None:
    with pytest.raises(CommandError, match="nobody"):
        told("nobody", "unlock")
    user = make_user("lin")
    with pytest.raises(CommandError):
        told("lin", "enable")
    assert "would" in told("lin", "disable", "--dry-run")
    assert verbs_of(user) == []


def asked_for_a_role(user: User) -> int:
    give = {"username": user.username, "role": "sys"}
    return signed_in(Role.SEC).post("/organizations/members/", give).status_code


def test_who_is_about_to_become_an_administrator_is_treated_as_one(three: dict[Role, User]) -> None:
    heir = make_user(username="heir")
    asked_for_a_role(heir)
    decide(Role.AUD)
    act_on(heir, "reset-password")
    assert not done(heir, "reset-password")
    assert asked_for_a_role(heir) == 302
    assert Membership.objects.filter(user=heir, role=Role.SYS).exists()
