"""Rules that a view left alone, and bodies that are too large."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from sanshe.core.errors import BadEntry, DomainError, NotNow, NotPermitted
from sanshe.core.middleware import BodyLimitMiddleware, DomainErrorMiddleware


def answer_to(error: Exception) -> HttpResponse | None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    def view(request: HttpRequest) -> HttpResponse:
        raise AssertionError("not called")

    return DomainErrorMiddleware(view).process_exception(request, error)


@pytest.mark.parametrize(
    ("kind", "status"), [(NotPermitted, 403), (NotNow, 409), (BadEntry, 422), (DomainError, 400)]
)
def test_each_kind_of_no_has_its_status_and_says_why(kind: type[DomainError], status: int) -> None:
    answer = answer_to(kind("预算合计与明细不一致，请核对第 3 行"))
    assert answer is not None
    assert answer.status_code == status
    assert "预算合计与明细不一致，请核对第 3 行" in answer.content.decode()


def test_a_bug_is_left_to_crash() -> None:
    assert answer_to(ValueError("bug")) is None


def test_a_body_larger_than_any_upload_is_refused_unread(settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 10
    answer = BodyLimitMiddleware(lambda _request: HttpResponse("read"))
    sizes = {"0": 200, "": 200, "1048586": 200, "1048587": 413}
    for size, status in sizes.items():
        assert answer(RequestFactory().get("/", CONTENT_LENGTH=size)).status_code == status
