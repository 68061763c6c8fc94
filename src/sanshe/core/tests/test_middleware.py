"""A rule's no that a view left alone still becomes a page that says why."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from sanshe.core.errors import BadEntry, DomainError, NotNow, NotPermitted
from sanshe.core.middleware import DomainErrorMiddleware


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
