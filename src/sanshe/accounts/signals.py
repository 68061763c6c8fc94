"""Signing in and out is logged, and a sign-in knows of the one before, as 等保 asks."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from sanshe.accounts.models import User
from sanshe.core.history import record_access

#: Under this name a session holds its person's `session_mark`.
MARK = "mark"


def log_sign_in(request: HttpRequest, user: User, **_about: Any) -> None:
    record_access(request, "sign_in", user._meta.label_lower, user.pk)


def mark_session(request: HttpRequest, user: User, **_about: Any) -> None:
    """Make this the person's newest session, and ask for a new password where theirs is old."""
    # Not the session's own key: that changes with the password.
    user.session_mark = request.session[MARK] = secrets.token_hex(16)
    days = settings.PASSWORD_DAYS
    if days:
        newest = user.past_passwords.first()
        since = newest.since if newest else user.date_joined
        if since < timezone.now() - timedelta(days=days):
            user.must_change_password = True
    user.save(update_fields=["session_mark", "must_change_password"])


def log_sign_out(request: HttpRequest, user: User | None, **_about: Any) -> None:
    # Sent before the person is forgotten; an expired session has none.
    if user is not None:
        record_access(request, "sign_out", user._meta.label_lower, user.pk)
