"""Signing in and out is logged, as 等保 asks."""

from typing import Any

from django.http import HttpRequest

from sanshe.accounts.models import User
from sanshe.core.history import record_access


def log_sign_in(request: HttpRequest, user: User, **_about: Any) -> None:
    record_access(request, "sign_in", user._meta.label_lower, user.pk)


def log_sign_out(request: HttpRequest, user: User | None, **_about: Any) -> None:
    # Sent before the person is forgotten; an expired session has none.
    if user is not None:
        record_access(request, "sign_out", user._meta.label_lower, user.pk)
