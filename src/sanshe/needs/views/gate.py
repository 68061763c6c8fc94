"""What all views of this app share."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from sanshe.core.errors import NotPermitted
from sanshe.organizations.http import PageRequest

Rest = ParamSpec("Rest")
View = Callable[Concatenate[PageRequest, Rest], HttpResponse]
PAGE = 50


def page(view: View[Rest]) -> View[Rest]:
    """A page for people who are signed in; what a service does not permit is answered 403."""

    @wraps(view)
    def guarded(request: PageRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotPermitted as error:
            raise PermissionDenied(str(error.message)) from error

    return login_required(guarded)  # type: ignore[return-value]


def demand(allowed: bool) -> None:
    """Raises PermissionDenied (403) unless allowed."""
    if not allowed:
        raise PermissionDenied
