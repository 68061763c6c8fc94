"""Typed words: masked, cut, and told about once."""

import pytest
from django.contrib.messages import get_messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from sanshe.core.masking import listening, masked
from sanshe.core.middleware import MaskingMiddleware

PHONE = "13812345678"


def test_numbers_are_hidden_and_all_else_stays_as_typed() -> None:
    assert masked(f"下午３點，\n  打{PHONE}", quietly=True) == "下午３點，\n  打138****5678"


def test_what_is_cut_holds_no_half_number() -> None:
    assert masked("电话 138 1234 5678", most=10, quietly=True) == "电话 138****"
    assert masked("字" * 300, most=200, quietly=True) == "字" * 200
    assert masked("字" * 10_000 + PHONE, most=20, quietly=True) == "字" * 20


@pytest.mark.django_db(transaction=True)
def test_who_listens_is_told_once_and_only_of_what_was_stored() -> None:
    told: list[str] = []
    with listening(lambda: told.append("hidden")):
        with transaction.atomic():
            masked(PHONE)
            masked(PHONE)
            assert not told
        assert told == ["hidden"]
    with listening(lambda: told.append("again")):
        masked("路灯不亮")
        masked(PHONE, quietly=True)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            masked(PHONE)
            raise ZeroDivisionError
    masked(PHONE)
    assert told == ["hidden"]


@pytest.mark.django_db(transaction=True)
def test_a_request_in_which_a_number_was_hidden_says_so(rf: RequestFactory) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        masked(PHONE)
        masked(PHONE)
        return HttpResponse()

    request = rf.post("/")
    request._messages = _Box()  # type: ignore[attr-defined]
    MaskingMiddleware(view)(request)
    assert [str(said) for said in get_messages(request)] == [
        "文中的电话、证件等号码已隐去，其余内容照原样保存。"
    ]


class _Box(list[str]):
    """Messages without a session."""

    def add(self, _level: int, message: str, _tags: str = "") -> None:
        self.append(message)
