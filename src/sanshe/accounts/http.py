"""The request as the views of a signed-in person see it."""

from dataclasses import dataclass
from typing import Protocol

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from sanshe.accounts.models import User


class HasRoles(Protocol):
    """What accounts need to know of a person's scope, which is made a floor above."""

    def has(self, *roles: str) -> bool: ...


@dataclass(frozen=True)
class Administrators:
    """The keys of those who hold one of the three roles; `at_work` leaves out stopped accounts."""

    holders: frozenset[int] = frozenset()
    at_work: frozenset[int] = frozenset()

    def beside(self, asker_pk: int) -> frozenset[int]:
        """Who may be asked to confirm what this one asks."""
        return self.at_work - {asker_pk}


class AccountRequest(HttpRequest):
    """A request whose person is signed in (`@login_required`)."""

    user: User
    htmx: HtmxDetails
    scope: HasRoles
    administrators: Administrators
