"""Events are told after the commit, and one failing effect stops nothing."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from sanshe.core import events


@pytest.fixture(autouse=True)
def _own_handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(events, "_handlers", events.defaultdict(list))
    yield


@pytest.mark.django_db(transaction=True)
def test_an_event_waits_for_the_commit() -> None:
    told: list[int] = []
    events.subscribe("need.verified", told.append)
    with transaction.atomic():
        events.announce("need.verified", 7)
        assert told == []
    assert told == [7]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_told() -> None:
    told: list[int] = []
    events.subscribe("need.verified", told.append)
    with pytest.raises(RuntimeError), transaction.atomic():
        events.announce("need.verified", 7)
        raise RuntimeError
    assert told == []


@pytest.mark.django_db(transaction=True)
def test_one_failing_effect_does_not_stop_the_next() -> None:
    told: list[int] = []

    def fail(pk: int) -> None:
        raise ValueError(pk)

    events.subscribe("need.verified", fail)
    events.subscribe("need.verified", told.append)
    events.announce("need.verified", 7)
    assert told == [7]


@pytest.mark.django_db(transaction=True)
def test_a_handler_subscribed_twice_is_called_once() -> None:
    told: list[int] = []
    events.subscribe("need.verified", told.append)
    events.subscribe("need.verified", told.append)
    events.announce("need.verified", 7)
    assert told == [7]
