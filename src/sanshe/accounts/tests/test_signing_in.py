"""Signing in, being locked out, being asked for more, and being forgotten."""

import itertools

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from pytest_django import Settings
from time_machine import TimeMachineFixture

from sanshe.accounts.adapter import MFAAdapter
from sanshe.accounts.http import Administrators
from sanshe.accounts.models import PastPassword, User
from sanshe.accounts.services.users import reset_password
from sanshe.accounts.signin_urls import CLOSED
from sanshe.accounts.tests.factories import PASSWORD, make_user
from sanshe.core.models import AccessLine
from sanshe.organizations.models import Role
from sanshe.organizations.selectors import scope_of
from sanshe.organizations.tests.factories import make_member

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
SECRET = "JBSWY3DPEHPK3PXP"
WRONG = "用户名或密码不正确"
LOCKED = "已暂停登录 15 分钟"


def sign_in(client: Client, username: str = "lin", password: str = PASSWORD) -> str:
    answer = client.post(LOGIN, {"login": username, "password": password}, follow=True)
    return answer.content.decode()


def with_totp(username: str, role: Role) -> None:
    user = make_member(role, user=make_user(username))
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": MFAAdapter().encrypt(SECRET)}
    )


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def test_a_person_signs_in_and_finds_their_first_page(client: Client) -> None:
    make_user("lin", name="林晓燕")
    assert "林晓燕" in sign_in(client)
    assert AccessLine.objects.filter(verb="sign_in").count() == 1


def test_signing_out_leaves_nothing_behind(client: Client) -> None:
    make_user("lin")
    sign_in(client)
    assert "已安全退出登录" in client.post("/account/logout/", follow=True).content.decode()
    assert client.get("/").status_code == 302
    assert AccessLine.objects.filter(verb="sign_out").count() == 1


def test_unknown_wrong_and_disabled_accounts_get_the_same_answer(client: Client) -> None:
    make_user("lin")
    make_user("gone", active=False)
    answers = [
        sign_in(client, "lin", "not the password"),
        sign_in(client, "nobody", PASSWORD),
        sign_in(client, "gone", PASSWORD),
    ]
    assert all(WRONG in answer for answer in answers)
    assert client.get("/").status_code == 302


def test_five_failures_lock_the_name_for_a_quarter_of_an_hour(
    client: Client, time_machine: TimeMachineFixture
) -> None:
    make_user("lin")
    time_machine.move_to("2026-03-02 09:00:00+08:00", tick=False)
    for _attempt in range(5):
        assert WRONG in sign_in(client, password="not the password")
    assert LOCKED in sign_in(client, password=PASSWORD), "also with the right password"

    time_machine.move_to("2026-03-02 09:14:00+08:00", tick=False)
    assert LOCKED in sign_in(client, password=PASSWORD)
    time_machine.move_to("2026-03-02 09:15:30+08:00", tick=False)
    assert LOCKED not in sign_in(client, password=PASSWORD)
    assert client.get("/").status_code == 200


def test_a_name_that_does_not_exist_is_locked_alike_and_leaves_no_line(client: Client) -> None:
    for _attempt in range(5):
        sign_in(client, "nobody", "not the password")
    assert LOCKED in sign_in(client, "nobody", "not the password")
    assert not AccessLine.objects.filter(verb="lock_out").exists()


def test_a_lock_out_is_written_down_once(client: Client) -> None:
    user = make_user("lin")
    for _attempt in range(8):
        sign_in(client, "LIN", "not the password")
    assert AccessLine.objects.filter(verb="lock_out", subject_pk=str(user.pk)).count() == 1


def test_one_locked_name_does_not_lock_another(client: Client) -> None:
    make_user("lin")
    make_user("chen")
    for _attempt in range(6):
        sign_in(client, "lin", "not the password")
    assert LOCKED not in sign_in(client, "chen", PASSWORD)
    assert client.get("/").status_code == 200


def test_another_address_of_the_same_site_does_not_help_a_guesser(client: Client) -> None:
    make_user("lin")
    for host in ("127.0.0.1", "localhost", "a.example", "b.example", "c.example"):
        client.post(LOGIN, {"login": "lin", "password": "wrong"}, headers={"host": host})
    assert LOCKED in sign_in(client, "lin", PASSWORD)


@pytest.mark.parametrize(("minutes", "role"), [(30, Role.SW), (15, Role.AUD)])
def test_a_person_who_is_away_too_long_signs_in_again(
    client: Client, time_machine: TimeMachineFixture, minutes: int, role: Role
) -> None:
    time_machine.move_to("2026-03-02 09:00:00+08:00", tick=False)
    client.force_login(make_member(role))
    page = "/account/settings/" if role == Role.SW else "/account/2fa/"
    assert client.get(page).status_code == 200

    time_machine.shift(minutes * 60 - 5)
    assert client.get(page).status_code == 200, "each request starts the clock again"
    time_machine.shift(minutes * 60 - 5)
    assert client.get(page).status_code == 200
    time_machine.shift(minutes * 60 + 5)
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)
    assert "为保护居民信息已自动退出" in client.get(answer["Location"]).content.decode()


def test_a_one_time_password_must_be_changed_before_anything_else(client: Client) -> None:
    user = make_user("lin")
    user.must_change_password = True
    user.save()
    sign_in(client)
    for page in ("/", "/account/settings/", "/account/2fa/"):
        assert client.get(page)["Location"] == "/account/password/change/"
    new = {"oldpassword": PASSWORD, "password1": "Honghu-Lake-77", "password2": "Honghu-Lake-77"}
    client.post("/account/password/change/", new)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("short1A", "10"),
        ("onlylowercaseletters", "至少三种"),
        (PASSWORD, "不能与当前密码或最近 5 次用过的密码相同"),
    ],
)
def test_a_poor_new_password_is_refused_with_its_reason(
    client: Client, new: str, reason: str
) -> None:
    make_user("lin")
    sign_in(client)
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = client.post("/account/password/change/", form)
    assert reason in answer.content.decode()
    client.logout()
    sign_in(client)
    assert client.get("/").status_code == 200, "the old password still holds"


def change_password(client: Client, old: str, new: str) -> str:
    form = {"oldpassword": old, "password1": new, "password2": new}
    return client.post("/account/password/change/", form, follow=True).content.decode()


def test_none_of_the_last_five_passwords_is_taken_again(client: Client) -> None:
    make_user("lin")
    sign_in(client)
    passwords = [PASSWORD, *(f"Honghu-Lake-{number}" for number in range(5))]
    for old, new in itertools.pairwise(passwords):
        assert "相同，请换一个" not in change_password(client, old, new)
    now = passwords[-1]
    for used in (passwords[1], now):
        assert "最近 5 次用过的密码相同，请换一个" in change_password(client, now, used)
    assert "相同，请换一个" not in change_password(client, now, PASSWORD), (
        "the sixth before is free"
    )
    assert User.objects.get().check_password(PASSWORD)
    assert PastPassword.objects.count() == 5


def test_a_one_time_password_counts_among_the_last_five(client: Client) -> None:
    user = make_user("lin")
    sec = make_member(Role.SEC)
    once = reset_password(
        user=user,
        actor=sec,
        scope=scope_of(sec, timezone.localdate()),
        administrators=Administrators(),
    )
    sign_in(client, password=once)
    assert "相同，请换一个" in change_password(client, once, PASSWORD)
    assert "相同，请换一个" not in change_password(client, once, "Honghu-Lake-77")
    assert "相同，请换一个" in change_password(client, "Honghu-Lake-77", once)


def test_an_old_password_is_asked_to_be_changed_where_the_office_wants_it(
    client: Client, settings: Settings, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-03-02 09:00:00+08:00", tick=False)
    make_user("lin")
    time_machine.shift(91 * 86400)
    sign_in(client)
    assert client.get("/").status_code == 200, "nobody asked for it"
    client.logout()
    settings.PASSWORD_DAYS = 90
    sign_in(client)
    assert client.get("/")["Location"] == "/account/password/change/"
    change_password(client, PASSWORD, "Honghu-Lake-77")
    client.logout()
    sign_in(client, password="Honghu-Lake-77")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("role", [Role.SYS, Role.SEC, Role.AUD])
def test_an_administrator_who_signs_in_elsewhere_ends_the_older_session(role: Role) -> None:
    user = make_member(role)
    older, newer = Client(), Client()
    older.force_login(user)
    assert older.get("/account/2fa/").status_code == 200
    newer.force_login(user)
    answer = older.get("/account/2fa/")
    assert answer["Location"] == f"{LOGIN}?next=/account/2fa/"
    assert "您的账号已在别处登录" in older.get(answer["Location"]).content.decode()
    assert newer.get("/account/2fa/").status_code == 200
    assert AccessLine.objects.filter(verb="sign_out").count() == 1


def test_a_new_password_does_not_end_an_administrators_own_session(client: Client) -> None:
    with_totp("aud", Role.AUD)
    sign_in(client, "aud")
    client.post("/account/2fa/authenticate/", {"code": code_now()})
    change_password(client, PASSWORD, "Honghu-Lake-77")
    assert client.get("/").status_code == 200


def test_others_may_be_signed_in_on_the_phone_and_at_the_desk() -> None:
    user = make_member(Role.SW)
    phone, desk = Client(), Client()
    phone.force_login(user)
    desk.force_login(user)
    assert phone.get("/").status_code == 200
    assert desk.get("/").status_code == 200


def test_administrators_are_told_that_they_have_one_session(client: Client) -> None:
    with_totp("aud", Role.AUD)
    client.force_login(User.objects.get(username="aud"))
    assert "只能在一处登录" in client.get("/account/settings/").content.decode()
    client.force_login(make_member(Role.SW))
    assert "只能在一处登录" not in client.get("/account/settings/").content.decode()


@pytest.mark.parametrize("role", [Role.SYS, Role.SEC, Role.AUD])
def test_administrators_set_up_a_second_factor_first(client: Client, role: Role) -> None:
    client.force_login(make_member(role))
    assert client.get("/")["Location"] == "/account/2fa/totp/activate/"


def test_other_roles_may_do_without_a_second_factor(client: Client) -> None:
    client.force_login(make_member(Role.SW))
    assert client.get("/").status_code == 200


def test_setting_up_the_second_factor_gives_recovery_codes(client: Client) -> None:
    make_member(Role.SYS, user=make_user("sys"))
    sign_in(client, "sys")
    page = client.get("/account/2fa/totp/activate/").content.decode()
    assert "扫描下面的二维码" in page
    assert "data:image/svg+xml" in page
    secret = page.split('<p class="secret">')[1].split("<")[0]
    value = hotp_value(secret, next(iter(yield_hotp_counters_from_time())))
    answer = client.post(
        "/account/2fa/totp/activate/", {"code": format_hotp_value(value)}, follow=True
    )
    assert "恢复码" in answer.content.decode()
    assert client.get("/").status_code == 200
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored, "kept under the field key"


def test_a_second_factor_is_asked_for_at_the_next_sign_in(client: Client) -> None:
    with_totp("aud", Role.AUD)
    assert "输入验证码" in sign_in(client, "aud")
    assert client.get("/").status_code == 302, "not yet signed in"
    assert (
        "验证码不正确"
        in client.post("/account/2fa/authenticate/", {"code": "000000"}).content.decode()
    )
    client.post("/account/2fa/authenticate/", {"code": code_now()})
    assert client.get("/").status_code == 200


def test_administrators_cannot_drop_their_second_factor(client: Client) -> None:
    with_totp("aud", Role.AUD)
    sign_in(client, "aud")
    client.post("/account/2fa/authenticate/", {"code": code_now()})
    answer = client.post("/account/2fa/totp/deactivate/", follow=True)
    assert "管理员账号不能停用第二因素" in answer.content.decode()
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_a_part_of_a_page_asked_by_a_forgotten_person_moves_the_whole_page(client: Client) -> None:
    answer = client.get(
        "/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/threads/7/?a=1"}
    )
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/account/login/?next=/threads/7/%3Fa%3D1"


@pytest.mark.parametrize("name", CLOSED)
def test_pages_this_site_does_not_have_are_not_found(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("path", ["signup/", "email/", "password/reset/", "3rdparty/", "inactive/"])
def test_allauth_pages_are_not_found_at_their_usual_addresses(client: Client, path: str) -> None:
    assert client.get(f"/account/{path}").status_code == 404


def test_there_is_no_social_sign_in() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("socialaccount_connections")


def test_a_page_is_not_kept_by_the_browser_of_a_shared_computer(client: Client) -> None:
    client.force_login(make_member(Role.SW))
    assert "no-store" in client.get("/")["Cache-Control"]


def test_the_site_speaks_the_language_of_its_person(client: Client) -> None:
    user = make_member(Role.SW)
    client.force_login(user)
    assert client.get("/", headers={"accept-language": "en"})["Content-Language"] == "zh-hans"
    user.language = "en"
    user.save()
    assert client.get("/")["Content-Language"] == "en"


def test_large_text_is_a_choice_of_the_person(client: Client) -> None:
    client.force_login(make_member(Role.SW))
    assert b'class="large-text"' not in client.get("/account/settings/").content
    form = {"language": "zh-hans", "large_text": "on"}
    answer = client.post("/account/settings/", form, follow=True)
    assert b'class="large-text"' in answer.content


def test_signing_in_does_not_lead_off_the_site(client: Client) -> None:
    make_user("lin")
    answer = client.post(
        LOGIN, {"login": "lin", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"
