"""What a password must be, beyond Django's own checks."""

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


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
