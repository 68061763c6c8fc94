"""How allauth behaves here: nobody signs up by themselves, and every word is ours."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context, ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sanshe.accounts.models import User
from sanshe.accounts.rules import ADMIN_ROLES
from sanshe.accounts.services.users import remember_password
from sanshe.core.encryption import decrypt, encrypt
from sanshe.core.history import record, record_access

WRONG = _("用户名或密码不正确。请检查大小写和输入法后再试；忘记密码请联系本单位安全管理员重置。")
LOCKED = _(
    "连续 5 次未能登录，为保护账号已暂停登录 15 分钟。请稍后再试，或联系安全管理员解除限制。"
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": WRONG,
        "enter_current_password": _("请输入当前密码。"),
        "incorrect_code": _("验证码不正确。请输入验证器上当前显示的 6 位数字。"),
        "incorrect_password": _("密码不正确。"),
        "invalid_login": WRONG,
        "username_password_mismatch": WRONG,
        "too_many_login_attempts": LOCKED,
        "same_as_current": _("新密码不能与当前密码相同。"),
        "rate_limited": _("操作太频繁，请稍候再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        # A disabled account must look like one that does not exist.
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        # Who signed in a moment ago has just shown who they are; asking again teaches nothing.
        request = context.request
        moments = [found["at"] for found in get_authentication_records(request, request.user)]
        if moments and time.time() - max(moments) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._log_lock_out(request, str(credentials.get("username", "")))
            raise

    def set_password(self, user: User, password: str) -> None:
        user.must_change_password = False
        remember_password(user)
        super().set_password(user, password)
        record(user, "change_password", actor=user)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Not by host name, as allauth does: the same name by another address counts on. To be
        # changed together with `forget_failures`.
        return str(credentials.get("username", "")).lower()

    def _log_lock_out(self, request: HttpRequest, username: str) -> None:
        """Once a quarter of an hour for a name, and only for names that exist."""
        user = User.objects.filter(username__iexact=username).first()
        if user and ratelimit.consume(request, action="lock_out_line", key=username):
            record_access(request, "lock_out", user._meta.label_lower, user.pk)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors are stored under the installation's field key."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("不能停用第二因素。"),
        "cannot_generate_recovery_codes": _("请先启用验证器，再生成恢复码。"),
        "incorrect_code": _(
            "验证码不正确。请输入验证器上当前显示的 6 位数字，或一个未用过的恢复码。"
        ),
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text.encode())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        # Administrators must have one; a lost one is reset by another administrator.
        return not context.request.scope.has(*ADMIN_ROLES)

    def get_totp_label(self, user: User) -> str:
        return user.username
