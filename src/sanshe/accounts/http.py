"""The request as the views of a signed-in person see it."""

from typing import Protocol

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from sanshe.accounts.models import User


class HasRoles(Protocol):
    """What accounts need to know of a person's scope, which is made a floor above."""

    def has(self, *roles: str) -> bool: ...


class AccountRequest(HttpRequest):
    """A request whose person is signed in (`@login_required`)."""

    user: User
    htmx: HtmxDetails
    scope: HasRoles
