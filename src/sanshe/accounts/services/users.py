"""Opening, stopping and mending accounts."""

import secrets
import string

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanshe.accounts.http import Administrators, HasRoles
from sanshe.accounts.models import PastPassword, ReviewAct, User
from sanshe.accounts.rules import may_create_users, may_disable, may_reset
from sanshe.accounts.services.reviews import Wish, becomes_administrator, use_review
from sanshe.core.errors import BadEntry, NotNow, NotPermitted
from sanshe.core.history import record

#: Signs that nobody confuses when copying by hand.
_LETTERS = "".join(sign for sign in string.ascii_letters if sign not in "lIO")
_DIGITS = "23456789"
_NO_SECOND_FACTOR = gettext_lazy("该账号没有启用第二因素，无需重置。")
#: An address for documentation (RFC 5737), which no request comes from.
_NOBODYS_ADDRESS = "192.0.2.1"


def one_time_password() -> str:
    """Twelve signs in three groups, with letters of both cases and digits: about 65 bits."""
    groups = (
        "".join(secrets.choice(string.ascii_uppercase.replace("I", "").replace("O", ""))
                for _sign in range(4)),
        "".join(secrets.choice(_DIGITS) for _sign in range(4)),
        "".join(secrets.choice(_LETTERS) for _sign in range(6)),
    )  # fmt: skip
    return "-".join(groups)


@transaction.atomic
def create_user(*, username: str, name: str, actor: User, scope: HasRoles) -> tuple[User, str]:
    """Open an account and return it with the password to hand over, which is shown once.

    Raises:
        NotPermitted: only the system administrator opens accounts.
        BadEntry: the sign-in name is taken.
    """
    if not may_create_users(scope):
        raise NotPermitted(_("只有系统管理员可以开设账号。"))
    if User.objects.filter(username__iexact=username).exists():
        raise BadEntry(_("已有账号使用这个用户名，请换一个。"))
    password = one_time_password()
    user = User(username=username, name=name, must_change_password=True)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise BadEntry(_("已有账号使用这个用户名，请换一个。")) from error
    record(user, "create", actor=actor, changes={"username": username, "name": name})
    return user, password


@transaction.atomic
def set_active(
    *, user: User, active: bool, actor: User, scope: HasRoles, administrators: Administrators
) -> User:
    """Stop an account, or let it be used again.

    Raises:
        NotPermitted: not an administrator, or one's own account.
        NotNow: it already is as asked.
        ReviewNeeded: an administrator's account, and no other administrator has confirmed it.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not may_disable(scope, actor, user):
        raise NotPermitted(_("只有系统管理员或安全管理员可以停用、启用他人的账号。"))
    if user.is_active == active:
        raise NotNow(_("账号状态已变化，请刷新后再看。"))
    act = ReviewAct.ENABLE if active else ReviewAct.DISABLE
    note = _reviewed(act, user, actor, administrators)
    _set_active(user, active, actor, note)
    return user


def _set_active(user: User, active: bool, actor: User | None, note: str) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(user, "enable" if active else "disable", actor=actor, note=note)


@transaction.atomic
def reset_password(
    *, user: User, actor: User, scope: HasRoles, administrators: Administrators
) -> str:
    """Give a one-time password, shown once; it must be changed at the next sign-in.

    Raises:
        NotPermitted: only the security administrator, and not for oneself.
        ReviewNeeded: an administrator's account, and no other administrator has confirmed it.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    _may_reset_or_raise(user, actor, scope)
    return _new_password(
        user, actor, _reviewed(ReviewAct.RESET_PASSWORD, user, actor, administrators)
    )


def _new_password(user: User, actor: User | None, note: str) -> str:
    password = one_time_password()
    remember_password(user)
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    forget_failures(user)
    record(user, "reset_password", actor=actor, note=note)
    return password


@transaction.atomic
def reset_second_factor(
    *, user: User, actor: User, scope: HasRoles, administrators: Administrators
) -> None:
    """Forget a lost authenticator and its recovery codes.

    Raises:
        NotPermitted: only the security administrator, and not for oneself.
        NotNow: there is none.
        ReviewNeeded: an administrator's account, and no other administrator has confirmed it.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    _may_reset_or_raise(user, actor, scope)
    if not Authenticator.objects.filter(user=user).exists():
        raise NotNow(_NO_SECOND_FACTOR)
    _forget_second_factor(user, actor, _reviewed(ReviewAct.RESET_MFA, user, actor, administrators))


def _forget_second_factor(user: User, actor: User | None, note: str) -> None:
    gone, _kinds = Authenticator.objects.filter(user=user).delete()
    if not gone:
        raise NotNow(_NO_SECOND_FACTOR)
    record(user, "reset_mfa", actor=actor, note=note)


@transaction.atomic
def unlock(*, user: User, actor: User, scope: HasRoles, administrators: Administrators) -> None:
    """Let a person try again at once who was locked out by wrong passwords or wrong codes.

    Raises:
        NotPermitted: only the security administrator, and not for oneself.
        ReviewNeeded: an administrator's account, and no other administrator has confirmed it.
    """
    if not may_reset(scope, actor, user):
        raise NotPermitted(_("只有安全管理员可以解除登录限制。"))
    note = _reviewed(ReviewAct.UNLOCK, user, actor, administrators)
    forget_failures(user)
    record(user, "unlock", actor=actor, note=note)


def forget_failures(user: User) -> None:
    """Forget wrong passwords for the name and wrong codes of the second factor."""
    # What is counted by address is nobody's: allauth wants a request only to find that.
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = request.META["HTTP_X_FORWARDED_FOR"] = _NOBODYS_ADDRESS
    for key in (user.username.lower(), f"mfa-auth-user-{user.pk}"):
        ratelimit.clear(request, action="login_failed", key=key)


@transaction.atomic
def mend_account(*, user: User, act: ReviewAct) -> str:
    """What the operator of the server does to an account from its command line.

    Whoever may write its files could do it without us; here it leaves a line. The one-time
    password where one was asked for, else empty.

    Raises:
        NotNow: it already is as asked.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    note = _("由服务器命令行办理")
    if act == ReviewAct.RESET_PASSWORD:
        return _new_password(user, None, note)
    if act == ReviewAct.RESET_MFA:
        _forget_second_factor(user, None, note)
    elif act == ReviewAct.UNLOCK:
        forget_failures(user)
        record(user, "unlock", actor=None, note=note)
    elif act in (ReviewAct.ENABLE, ReviewAct.DISABLE):
        active = act == ReviewAct.ENABLE
        if user.is_active == active:
            raise NotNow(_("账号状态已变化，请刷新后再看。"))
        _set_active(user, active, None, note)
    return ""


def _reviewed(act: ReviewAct, user: User, actor: User, administrators: Administrators) -> str:
    """Who has confirmed it, where the account is an administrator's; empty where it is not.

    One that is about to become an administrator's is one.
    """
    if user.pk not in administrators.holders and not becomes_administrator(user):
        return ""
    return use_review(Wish(act, user), actor=actor)


def remember_password(user: User) -> None:
    """Keep the present password before it is replaced, also where Django told nobody of it."""
    PastPassword.objects.get_or_create(user=user, password=user.password)


@transaction.atomic
def save_settings(*, user: User, language: str, large_text: bool, actor: User) -> User:
    """Keep what a person chose about their own pages.

    Raises:
        NotPermitted: the settings are someone else's.
    """
    if user.pk != actor.pk:
        raise NotPermitted(_("只能修改自己的设置。"))
    user = User.objects.select_for_update().get(pk=user.pk)
    changes = {
        name: [before, after]
        for name, before, after in (
            ("language", user.language, language),
            ("large_text", user.large_text, large_text),
        )
        if before != after
    }
    if changes:
        user.language = language
        user.large_text = large_text
        user.save(update_fields=["language", "large_text"])
        record(user, "edit", actor=actor, changes=changes)
    return user


def _may_reset_or_raise(user: User, actor: User, scope: HasRoles) -> None:
    if not may_reset(scope, actor, user):
        raise NotPermitted(_("只有安全管理员可以重置他人的密码和第二因素。"))
