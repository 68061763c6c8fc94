"""What every request passes: bodies too large, signs no database stores, numbers that were hidden,
and a rule's no turned into a page that says why, wherever a view did not do it itself."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from sanshe.core.errors import BadEntry, DomainError, NotNow, NotPermitted
from sanshe.core.masking import listening

STATUS = {NotPermitted: 403, NotNow: 409, BadEntry: 422}


class BodyLimitMiddleware:
    """Refuses a body larger than any upload may be, before anything of it is read."""

    #: Form fields and the borders between parts beside the file itself.
    BESIDE = 2**20

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.UPLOAD_MAX_BYTES + self.BESIDE:
            return HttpResponse(status=413)
        return self.get_response(request)


class NulMiddleware:
    """Answers 400 to a NUL in an address, a cookie or a form: PostgreSQL stores none, and nobody
    types one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cookies = "".join(request.COOKIES.values())
        if "\0" in request.path_info or "\0" in cookies or _has_nul(request.GET.lists()):
            return _bad_request()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        # Here, because a view that takes no forms never reads one.
        return _bad_request() if _has_nul(request.POST.lists()) else None


def _has_nul(sent: Iterable[tuple[str, list[str]]]) -> bool:
    return any("\0" in name or any("\0" in value for value in values) for name, values in sent)


def _bad_request() -> HttpResponse:
    # Without the request: who it is from stands in the very cookie.
    return HttpResponse(render_to_string("400.html"), status=400)


class MaskingMiddleware:
    """Tells a person, once a request, that numbers were hidden in what they wrote."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def tell() -> None:
            messages.info(request, _("文中的电话、证件等号码已隐去，其余内容照原样保存。"))

        with listening(tell):
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
