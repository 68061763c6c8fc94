"""One's own settings, and the accounts of others for SYS and SEC."""

from collections.abc import Callable
from typing import cast

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sanshe.accounts.forms import SettingsForm, UserForm, UserSearchForm
from sanshe.accounts.http import AccountRequest
from sanshe.accounts.models import User
from sanshe.accounts.rules import (
    ADMIN_ROLES,
    may_create_users,
    may_disable,
    may_reset,
    may_see_users,
)
from sanshe.accounts.selectors import open_reviews, users_like, users_visible_to
from sanshe.accounts.services.reviews import ReviewNeeded, Wish, ask_review
from sanshe.accounts.services.users import (
    create_user,
    reset_password,
    reset_second_factor,
    save_settings,
    set_active,
    unlock,
)
from sanshe.core.errors import DomainError, NotPermitted
from sanshe.core.history import history_of

PAGE_ROWS = 50
HISTORY_ROWS = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    request = cast(AccountRequest, request)
    form = SettingsForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        user = save_settings(
            user=request.user,
            language=form.cleaned_data["language"],
            large_text=form.cleaned_data["large_text"],
            actor=request.user,
        )
        translation.activate(user.language)
        messages.success(request, _("设置已保存。"))
        return redirect("accounts:settings")
    context = {
        "form": form,
        "has_totp": is_mfa_enabled(request.user),
        "must_have_totp": request.scope.has(*ADMIN_ROLES),
    }
    return render(request, "accounts/settings.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def user_list(request: HttpRequest) -> HttpResponse:
    request = cast(AccountRequest, request)
    if not may_see_users(request.scope):
        raise PermissionDenied
    form = UserSearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {"q": "", "state": ""}
    users = users_like(users_visible_to(request.scope), wanted["q"], wanted["state"])
    context = {
        "page": Paginator(users, PAGE_ROWS).get_page(request.GET.get("page")),
        "form": form,
        "filtered": any(wanted.values()),
        "may_create": may_create_users(request.scope),
    }
    return render(request, "accounts/users.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("password")
def user_create(request: HttpRequest) -> HttpResponse:
    request = cast(AccountRequest, request)
    if not may_create_users(request.scope):
        raise PermissionDenied
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = create_user(
                username=form.cleaned_data["username"],
                name=form.cleaned_data["name"],
                actor=request.user,
                scope=request.scope,
            )
        except DomainError as error:
            form.add_error("username", str(error.message))
        else:
            return render(
                request, "accounts/password_once.html", {"of": user, "password": password}
            )
    return render(
        request, "accounts/user_create.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_safe
def user_detail(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(AccountRequest, request)
    user = _visible_user(request, pk)
    context = {
        "of": user,
        "lines": history_of(user)[:HISTORY_ROWS],
        "may_disable": may_disable(request.scope, request.user, user),
        "may_reset": may_reset(request.scope, request.user, user),
        "is_administrator": user.pk in request.administrators.holders,
        "reviews": open_reviews().filter(user=user),
    }
    return render(request, "accounts/user.html", context)


@login_required
@require_POST
def user_disable(request: HttpRequest, pk: int) -> HttpResponse:
    return _switch(cast(AccountRequest, request), pk, active=False)


@login_required
@require_POST
def user_enable(request: HttpRequest, pk: int) -> HttpResponse:
    return _switch(cast(AccountRequest, request), pk, active=True)


@login_required
@require_POST
@sensitive_variables("password")
def user_reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(AccountRequest, request)
    user = _visible_user(request, pk)
    try:
        password = reset_password(
            user=user,
            actor=request.user,
            scope=request.scope,
            administrators=request.administrators,
        )
    except ReviewNeeded as needed:
        return _ask(request, needed.wish)
    return render(request, "accounts/password_once.html", {"of": user, "password": password})


@login_required
@require_POST
def user_reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("已清除第二因素。请本人下次登录后重新绑定验证器。")
    return _mend(cast(AccountRequest, request), pk, reset_second_factor, done)


@login_required
@require_POST
def user_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("已解除登录限制，可以马上再次登录。")
    return _mend(cast(AccountRequest, request), pk, unlock, done)


def _mend(request: AccountRequest, pk: int, mend: Callable[..., None], done: str) -> HttpResponse:
    user = _visible_user(request, pk)
    try:
        mend(
            user=user,
            actor=request.user,
            scope=request.scope,
            administrators=request.administrators,
        )
    except ReviewNeeded as needed:
        return _ask(request, needed.wish)
    messages.success(request, done)
    return redirect("accounts:user", pk)


def _switch(request: AccountRequest, pk: int, *, active: bool) -> HttpResponse:
    user = _visible_user(request, pk)
    try:
        set_active(
            user=user,
            active=active,
            actor=request.user,
            scope=request.scope,
            administrators=request.administrators,
        )
    except ReviewNeeded as needed:
        return _ask(request, needed.wish)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(
            request, _("账号已启用。") if active else _("账号已停用，其登录即刻失效。")
        )
    return redirect("accounts:user", pk)


def _ask(request: AccountRequest, wish: Wish) -> HttpResponse:
    try:
        ask_review(
            wish,
            actor=request.user,
            scope=request.scope,
            administrators=request.administrators,
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.info(
            request,
            _("这是管理员的账号，已申请双人复核。另一位管理员同意后，请回到这里再点一次。"),
        )
    return redirect("accounts:user", wish.user.pk)


def _visible_user(request: AccountRequest, pk: int) -> User:
    return get_object_or_404(users_visible_to(request.scope), pk=pk)
