"""What every signed-in request passes: idle time, one session for administrators, own language,
first password, second factor."""

import time
from collections.abc import Callable
from typing import cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from sanshe.accounts.http import AccountRequest
from sanshe.accounts.rules import ADMIN_ROLES
from sanshe.accounts.signals import MARK

SEEN_AT = "seen_at"
#: The time of the last request is kept no finer than this, to spare a write on every page.
SEEN_EVERY_SECONDS = 60

#: Open to a signed-in person who still has to do something first.
_ALWAYS = frozenset({"account_logout", "set_language", "healthz"})
_FOR_PASSWORD = _ALWAYS | {"account_change_password"}
_FOR_SECOND_FACTOR = _FOR_PASSWORD | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "account_reauthenticate",
}


class AccountMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._whole_page(request, self._answer(request))

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        signed_in = cast(AccountRequest, request)
        if _has_been_idle(signed_in):
            logout(request)
            messages.info(request, _("您离开的时间较长，为保护居民信息已自动退出，请重新登录。"))
            return redirect_to_login(_address_of(request))
        if _was_replaced(signed_in):
            logout(request)
            messages.warning(
                request,
                _(
                    "您的账号已在别处登录。管理员账号同一时间只能在一处使用，这里已自动退出。"
                    "如果不是您本人登录的，请立即重新登录并修改密码。"
                ),
            )
            return redirect_to_login(_address_of(request))
        translation.activate(signed_in.user.language)
        request.LANGUAGE_CODE = translation.get_language()
        first = _first_to_do(signed_in)
        response = redirect(first) if first else self.get_response(request)
        # A shared office computer must not show a page again after its person has left.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _whole_page(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Asked by htmx, a redirect to another page must move the page, not fill a part of it."""
        if not getattr(request, "htmx", False) or response.status_code != 302:
            return response
        target = response.headers["Location"]
        if target.startswith(reverse(settings.LOGIN_URL)):
            target = redirect_to_login(_address_of(request)).url
        return _keeping_cookies(HttpResponseClientRedirect(target), response)


def _keeping_cookies(new: HttpResponse, old: HttpResponse) -> HttpResponse:
    new.cookies = old.cookies
    return new


def _address_of(request: HttpRequest) -> str:
    """The page a person was on, also where a part of it was asked for."""
    htmx = cast(AccountRequest, request).htmx
    try:
        if htmx and htmx.current_url_abs_path:
            return htmx.current_url_abs_path
    except ValueError:
        pass  # What the header holds is no address.
    return request.get_full_path() if request.method == "GET" else reverse("desk:home")


def _has_been_idle(request: AccountRequest) -> bool:
    now = int(time.time())
    seen: int | None = request.session.get(SEEN_AT)
    minutes = settings.SESSION_IDLE_MINUTES
    if request.scope.has(*ADMIN_ROLES):
        minutes = settings.SESSION_IDLE_MINUTES_ADMIN
    if seen is not None and now - seen > minutes * 60:
        return True
    if seen is None or now - seen >= SEEN_EVERY_SECONDS:
        request.session[SEEN_AT] = now
    return False


def _was_replaced(request: AccountRequest) -> bool:
    """Whether an administrator has signed in anew somewhere else since."""
    replaced = request.session.get(MARK, "") != request.user.session_mark
    return replaced and request.scope.has(*ADMIN_ROLES)


def _first_to_do(request: AccountRequest) -> str | None:
    """The page this person must see before any other, by name."""
    name = _name_of(request.path_info)
    if request.user.must_change_password:
        return None if name in _FOR_PASSWORD else "account_change_password"
    if (
        request.scope.has(*ADMIN_ROLES)
        and name not in _FOR_SECOND_FACTOR
        and not is_mfa_enabled(request.user)
    ):
        return "mfa_activate_totp"
    return None


def _name_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""
