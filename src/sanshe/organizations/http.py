"""The request that views take: who asks, what they reach, and whether htmx asks for a part."""

from sanshe.accounts.http import AccountRequest
from sanshe.organizations.scope import Scope


class PageRequest(AccountRequest):
    """A request whose person is signed in (`@login_required`), with their scope."""

    scope: Scope
