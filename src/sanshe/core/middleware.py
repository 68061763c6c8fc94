"""Turns a rule's no into a page that says why, wherever a view did not do it itself."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sanshe.core.errors import BadEntry, DomainError, NotNow, NotPermitted

STATUS = {NotPermitted: 403, NotNow: 409, BadEntry: 422}


class BodyLimitMiddleware:
    """Refuses a body larger than any upload may be, before anything of it is read."""

    #: Form fields and the borders between parts beside the file itself.
    _BESIDE = 2**20

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.UPLOAD_MAX_BYTES + self._BESIDE:
            return HttpResponse(status=413)
        return self.get_response(request)


class DomainErrorMiddleware:
    """NotPermitted is 403, NotNow 409, BadEntry 422, any other rule 400."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
        template = "403.html" if status == 403 else "rule.html"
        return render(request, template, {"exception": error.message}, status=status)
