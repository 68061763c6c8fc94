"""How the sample accounts sign in. Known to everybody, so `seed_demo` never runs in production."""

import base64
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.utils.crypto import salted_hmac

#: One password for all sample accounts; printed by `sanshe demo` and in the README.
PASSWORD = "sanshe-demo-2026"
#: Accounts that must have a second factor.
ADMINISTRATORS = ("sys", "sec", "aud")
_PERIOD = 30


def totp_secret(username: str) -> str:
    """The second factor of a sample administrator, made from this installation's own key."""
    digest = salted_hmac("sanshe sample second factor", username).digest()
    return base64.b32encode(digest).decode()


def totp_code(username: str) -> str:
    """The six digits that hold at this moment."""
    counter = int(time.time()) // _PERIOD
    return str(format_hotp_value(hotp_value(totp_secret(username), counter)))


def is_production() -> bool:
    """Whether these settings serve the public."""
    return str(settings.SETTINGS_MODULE).endswith(".prod")
