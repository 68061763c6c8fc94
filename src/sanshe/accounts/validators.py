"""What a password must be, beyond Django's own checks."""

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from sanshe.accounts.models import PastPassword

#: So many passwords, the present one among them, may not be taken again.
REMEMBERED = 5


def kinds_of(password: str) -> int:
    """How many of the four kinds of characters are used: A-Z, a-z, 0-9, anything else."""
    return sum(
        (
            any("A" <= sign <= "Z" for sign in password),
            any("a" <= sign <= "z" for sign in password),
            any(sign.isdigit() for sign in password),
            any(not (sign.isascii() and sign.isalnum()) for sign in password),
        )
    )


class ThreeKindsOfCharacters:
    """Three of the four kinds, as 等保 asks."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if kinds_of(password) < 3:
            raise ValidationError(
                _("密码须包含大写字母、小写字母、数字、符号中的至少三种。"),
                code="password_too_plain",
            )

    def get_help_text(self) -> str:
        return _("大写字母、小写字母、数字、符号，至少用三种。")


class NotUsedLately:
    """None of the last few passwords again, as 等保 asks."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if user is None or user.pk is None:
            return
        past = _past_passwords(user).values_list("password", flat=True)[:REMEMBERED]
        # An account older than this rule has only its present password.
        if any(check_password(password, hashed) for hashed in {user.password, *past}):
            raise ValidationError(
                _("新密码不能与当前密码或最近 %(count)s 次用过的密码相同，请换一个。"),
                code="password_used_lately",
                params={"count": REMEMBERED},
            )

    def password_changed(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Called by Django where a password was saved."""
        if user is None:
            return
        past = _past_passwords(user)
        past.create(user_id=user.pk, password=user.password)
        past.filter(pk__in=list(past.values_list("pk", flat=True)[REMEMBERED:])).delete()

    def get_help_text(self) -> str:
        return _("不能与最近 %(count)s 次用过的密码相同。") % {"count": REMEMBERED}


def _past_passwords(user: AbstractBaseUser) -> "QuerySet[PastPassword]":
    # Django loads validators before the models are ready.
    from sanshe.accounts.models import PastPassword

    return PastPassword.objects.filter(user_id=user.pk)
