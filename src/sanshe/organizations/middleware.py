"""Puts on every request the scope of the person who asks, and who the administrators are.

Both are computed when first used.
"""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from sanshe.accounts.http import Administrators
from sanshe.organizations.http import PageRequest
from sanshe.organizations.scope import NOBODY, Scope
from sanshe.organizations.selectors import administrators_on, scope_of


class ScopeMiddleware:
    """`request.scope` (signed out it is NOBODY) and `request.administrators`.

    One query a request each, at most.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Lazy: a page that asks nothing about roles pays nothing for them.
        lazy = SimpleLazyObject(lambda: _scope_of(request))
        cast(PageRequest, request).scope = cast(Scope, lazy)
        administrators = SimpleLazyObject(lambda: administrators_on(timezone.localdate()))
        cast(PageRequest, request).administrators = cast(Administrators, administrators)
        return self.get_response(request)


def _scope_of(request: HttpRequest) -> Scope:
    if not request.user.is_authenticated:
        return NOBODY
    return scope_of(request.user, timezone.localdate())
