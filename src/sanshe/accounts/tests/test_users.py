"""Looking after the accounts of others: SYS opens, SEC mends, both may stop, nobody else sees."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from sanshe.accounts.adapter import MFAAdapter
from sanshe.accounts.http import Administrators
from sanshe.accounts.models import User
from sanshe.accounts.services.users import create_user, one_time_password, set_active
from sanshe.accounts.tests.factories import PASSWORD, make_user
from sanshe.accounts.validators import kinds_of
from sanshe.core.errors import BadEntry, NotNow, NotPermitted
from sanshe.core.models import HistoryLine
from sanshe.organizations.models import ADMIN_ROLES, Role
from sanshe.organizations.scope import Scope
from sanshe.organizations.tests.factories import make_member

pytestmark = pytest.mark.django_db

SYS = Scope(roles=frozenset({"sys"}))
SEC = Scope(roles=frozenset({"sec"}))


def signed_in(role: Role) -> Client:
    client = Client()
    user = make_member(role)
    if role in ADMIN_ROLES:
        Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}}
        )
    client.force_login(user)
    return client


def verbs_of(user: User) -> list[str]:
    lines = HistoryLine.objects.filter(subject="accounts.user", subject_pk=str(user.pk))
    return list(lines.order_by("pk").values_list("verb", flat=True))


def test_sys_opens_an_account_that_must_change_its_password() -> None:
    client = signed_in(Role.SYS)
    answer = client.post("/account/users/new/", {"username": "xu.min", "name": "许敏"})
    page = answer.content.decode()
    user = User.objects.get(username="xu.min")
    found = re.search(r'id="password">([^<]+)<', page)
    assert found and user.check_password(found[1])
    assert user.must_change_password
    assert verbs_of(user) == ["create"]
    assert found[1] not in str(HistoryLine.objects.values_list("changes", flat=True))


def test_a_one_time_password_satisfies_our_own_rules_and_is_never_the_same() -> None:
    made = {one_time_password() for _again in range(50)}
    assert len(made) == 50
    assert all(kinds_of(password) >= 3 and len(password) >= 10 for password in made)


@pytest.mark.parametrize("username", ["lin", "LIN"])
def test_a_taken_name_is_refused_whatever_its_case(username: str) -> None:
    make_user("lin")
    client = signed_in(Role.SYS)
    answer = client.post("/account/users/new/", {"username": username, "name": "林"})
    assert answer.status_code == 422
    assert "已有账号使用这个用户名" in answer.content.decode()
    with pytest.raises(BadEntry):
        create_user(username=username, name="林", actor=make_user("sys"), scope=SYS)


def test_sec_does_not_open_accounts() -> None:
    client = signed_in(Role.SEC)
    assert client.get("/account/users/new/").status_code == 403
    with pytest.raises(NotPermitted):
        create_user(username="x1", name="x", actor=make_user("sec"), scope=SEC)


def test_a_disabled_account_is_out_at_once() -> None:
    user = make_user("lin")
    theirs = Client()
    theirs.force_login(user)
    assert theirs.get("/").status_code == 200

    signed_in(Role.SEC).post(f"/account/users/{user.pk}/disable/")

    assert theirs.get("/").status_code == 302
    assert verbs_of(user) == ["disable"]
    signed_in(Role.SYS).post(f"/account/users/{user.pk}/enable/")
    assert verbs_of(user) == ["disable", "enable"]


def test_disabling_twice_tells_the_second_that_a_colleague_was_quicker() -> None:
    user = make_user("lin")
    stop = {"user": user, "active": False, "actor": make_user("sec"), "scope": SEC}
    set_active(**stop, administrators=Administrators())
    with pytest.raises(NotNow):
        set_active(**stop, administrators=Administrators())


def test_nobody_disables_themselves() -> None:
    sec = make_member(Role.SEC)
    answer = signed_in(Role.SEC).post(f"/account/users/{sec.pk}/disable/")
    assert answer.status_code == 403
    sec.refresh_from_db()
    assert sec.is_active


def test_sec_gives_a_new_password_and_frees_a_locked_name() -> None:
    user = make_user("lin")
    guesser = Client()
    for _attempt in range(6):
        guesser.post("/account/login/", {"login": "lin", "password": "wrong"})
    page = signed_in(Role.SEC).post(f"/account/users/{user.pk}/reset-password/").content.decode()
    found = re.search(r'id="password">([^<]+)<', page)
    assert found
    user.refresh_from_db()
    assert user.check_password(found[1]) and not user.check_password(PASSWORD)
    answer = Client().post("/account/login/", {"login": "lin", "password": found[1]})
    assert answer.status_code == 302
    assert verbs_of(user) == ["reset_password"]


def test_sec_frees_a_locked_name_without_touching_the_password() -> None:
    user = make_user("lin")
    guesser = Client()
    for _attempt in range(6):
        guesser.post("/account/login/", {"login": "lin", "password": "wrong"})
    signed_in(Role.SEC).post(f"/account/users/{user.pk}/unlock/")
    answer = Client().post("/account/login/", {"login": "lin", "password": PASSWORD})
    assert answer.status_code == 302
    assert verbs_of(user) == ["unlock"]


def test_sec_frees_a_person_who_typed_wrong_codes() -> None:
    user = make_user("lin")
    secret = "JBSWY3DPEHPK3PXP"
    data = {"secret": MFAAdapter().encrypt(secret)}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    theirs = Client()
    theirs.post("/account/login/", {"login": "lin", "password": PASSWORD})
    for _attempt in range(6):
        theirs.post("/account/2fa/authenticate/", {"code": "000000"})

    def right_code() -> int:
        code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
        return theirs.post("/account/2fa/authenticate/", {"code": code}).status_code

    assert right_code() == 200
    signed_in(Role.SEC).post(f"/account/users/{user.pk}/unlock/")
    assert right_code() == 302
    assert verbs_of(user) == ["unlock"]


def test_sec_forgets_a_lost_second_factor() -> None:
    user = make_user("lin")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    signed_in(Role.SEC).post(f"/account/users/{user.pk}/reset-mfa/")
    assert not Authenticator.objects.filter(user=user).exists()
    assert verbs_of(user) == ["reset_mfa"]


@pytest.mark.parametrize("action", ["reset-password", "reset-mfa", "unlock"])
def test_sys_gives_nobody_a_way_in(action: str) -> None:
    user = make_user("lin")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    answer = signed_in(Role.SYS).post(f"/account/users/{user.pk}/{action}/")
    assert answer.status_code == 403
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert verbs_of(user) == []


ACTIONS = ["disable", "enable", "reset-password", "reset-mfa", "unlock"]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SYS, Role.SEC)])
def test_nobody_else_sees_or_touches_accounts(role: Role) -> None:
    user = make_user("lin")
    client = signed_in(role)
    assert client.get("/account/users/").status_code == 403
    assert client.get("/account/users/new/").status_code == 403
    assert client.get(f"/account/users/{user.pk}/").status_code == 404
    for action in ACTIONS:
        assert client.post(f"/account/users/{user.pk}/{action}/").status_code == 404
    user.refresh_from_db()
    assert user.is_active and verbs_of(user) == []


@pytest.mark.parametrize("action", ACTIONS)
def test_accounts_do_not_change_by_following_a_link(action: str) -> None:
    user = make_user("lin")
    assert signed_in(Role.SEC).get(f"/account/users/{user.pk}/{action}/").status_code == 405


def test_the_list_can_be_narrowed() -> None:
    make_user("lin", name="林晓燕")
    make_user("gone", name="已离职", active=False)
    client = signed_in(Role.SYS)
    assert "林晓燕" in client.get("/account/users/", {"q": "晓"}).content.decode()
    page = client.get("/account/users/", {"state": "disabled"}).content.decode()
    assert "已离职" in page and "林晓燕" not in page
    assert "没有找到账号" in client.get("/account/users/", {"q": "查无此人"}).content.decode()


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_asks_the_same_number_of_questions_however_long(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        make_user(f"user{number}")
    client = signed_in(Role.SYS)
    client.get("/account/users/")
    # session, person, roles, second factor, count, rows
    with django_assert_num_queries(6):
        client.get("/account/users/")


def test_a_person_changes_only_their_own_settings() -> None:
    client = signed_in(Role.SW)
    answer = client.post("/account/settings/", {"language": "en"}, follow=True)
    assert answer.status_code == 200
    user = User.objects.get(username="sw")
    assert user.language == "en"
    assert verbs_of(user) == ["edit"]


def test_an_unknown_language_is_refused() -> None:
    answer = signed_in(Role.SW).post("/account/settings/", {"language": "xx"})
    assert answer.status_code == 422
    assert User.objects.get(username="sw").language == "zh-hans"
