"""Puts the scope of the person who asks on every request, computed when first used."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from sanshe.organizations.http import PageRequest
from sanshe.organizations.scope import NOBODY, Scope
from sanshe.organizations.selectors import scope_of


class ScopeMiddleware:
    """`request.scope`, one query a request at most; signed out it is NOBODY."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Lazy: a page that asks nothing about roles pays nothing for them.
        lazy = SimpleLazyObject(lambda: _scope_of(request))
        cast(PageRequest, request).scope = cast(Scope, lazy)
        return self.get_response(request)


def _scope_of(request: HttpRequest) -> Scope:
    if not request.user.is_authenticated:
        return NOBODY
    return scope_of(request.user, timezone.localdate())
