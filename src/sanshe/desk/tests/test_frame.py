"""The frame of every page: ways, errors, machines."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, RequestFactory, override_settings
from django.views.defaults import bad_request, server_error

from sanshe.desk.navigation import BOTTOM
from sanshe.organizations.models import ADMIN_ROLES, Role
from sanshe.organizations.tests.factories import make_member

pytestmark = pytest.mark.django_db


def signed_in(role: Role) -> Client:
    client = Client()
    user = make_member(role)
    if role in ADMIN_ROLES:
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", list(Role))
def test_every_way_of_the_navigation_is_open_to_its_role(role: Role) -> None:
    client = signed_in(role)
    page = client.get("/").content.decode()
    ways = set(re.findall(r'class="(?:side|bottom)-link" href="([^"]+)"', page))
    assert len(ways) >= 3
    for way in ways:
        assert client.get(way).status_code == 200, way


@pytest.mark.parametrize("role", list(Role))
def test_a_thumb_reaches_at_most_five_ways_and_one_is_current(role: Role) -> None:
    page = signed_in(role).get("/").content.decode()
    links = re.findall(r'class="bottom-link"[^>]*>', page)
    assert 2 <= len(links) <= BOTTOM + 1
    assert sum("aria-current" in link for link in links) == 1


def test_no_page_brings_script_or_style_of_its_own(client: Client) -> None:
    for page in (client.get("/account/login/"), signed_in(Role.SW).get("/")):
        text = page.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)", text)
        assert "<style" not in text
        assert not re.search(r"\sstyle=", text)
        assert not re.search(r"\son[a-z]+=", text)
        assert "'unsafe" not in page["Content-Security-Policy"]
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_no_page_is_for_search_engines(client: Client) -> None:
    assert b'content="noindex' in client.get("/account/login/").content
    assert b"Disallow: /" in client.get("/robots.txt").content


def test_a_machine_asks_for_health_without_signing_in(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert client.post("/healthz").status_code == 405


def test_a_lost_page_says_so_in_chinese_and_shows_a_way_home(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_a_refused_page_says_whom_to_ask() -> None:
    answer = signed_in(Role.SW).get("/audit/changes/")
    assert answer.status_code == 403
    assert "您没有权限进行此操作" in answer.content.decode()


def test_a_stale_form_is_explained() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/account/login/", {"login": "lin", "password": "x"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


def test_our_own_failures_are_explained_without_touching_the_database() -> None:
    request = RequestFactory().get("/")
    assert "系统出了问题" in server_error(request).content.decode()
    assert "请求有误" in bad_request(request, ValueError()).content.decode()


def test_asking_too_often_is_explained(client: Client) -> None:
    with override_settings(ACCOUNT_RATE_LIMITS={"login": "1/m/ip"}):
        client.post("/account/login/", {"login": "a", "password": "x"})
        answer = client.post("/account/login/", {"login": "a", "password": "x"})
    assert answer.status_code == 429
    assert "操作太频繁" in answer.content.decode()


def test_the_sign_in_page_can_be_read_in_the_other_language(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/account/login/"}, follow=True)
    assert answer.headers["Content-Language"] == "en"
