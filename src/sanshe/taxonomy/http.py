"""The request as this app's views see it; roles are made a floor above."""

from sanshe.accounts.http import AccountRequest
from sanshe.places.rules import Reach


class TaxonomyRequest(AccountRequest):
    """A request whose person is signed in (`@login_required`)."""

    scope: Reach
