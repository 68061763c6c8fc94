"""Absurd input gets a clear answer from every address: no parameter, no field and no file of it
ends in an error of the program or of the database (SQLite and PostgreSQL refuse different things).

Which parameters and fields there are is not listed here: they are seen being read.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import resolve, reverse

from permissions.world import OUT, World, make_world
from sanshe.needs.tests.fakes import use_fakes
from test_permissions import COLUMNS, ROWS, Row

NINES = "9" * 26
ABSURD = {
    "nines": NINES,
    "letters": "abc",
    "long": "长" * 10_000,
    "last day": "9999-12-31",
    "first day": "0001-01-01",
}
IN_ADDRESSES = {
    **ABSURD,
    "negative": "-1",
    "digits": "9" * 5_000,
    "wildcards": "%_\\" * 20_000,
}
IN_FIELDS = {**ABSURD, "minus nines": f"-{NINES}", "exponent": "1e999999"}
#: Making the world takes longer than a hundred requests: several words in a test, in two halves.
HALVES = pytest.mark.parametrize("half", [0, 1])
#: Pages of other makers, whose fields are words; their passwords are not read here.
ELSEWHERE = ("mfa_", "account_logout")


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with time_machine.travel("2026-07-01T04:00:00+00:00", tick=True):
        use_fakes(monkeypatch)
        yield make_world()


@contextmanager
def seen_reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names that are asked of what a request brought, whether it brought them or not."""
    names: set[str] = set()

    def watched(method: Any) -> Any:
        def asking(query: QueryDict, name: Any, *rest: Any) -> Any:
            if isinstance(name, str) and name != "csrfmiddlewaretoken":
                names.add(name)
            return method(query, name, *rest)

        return asking

    with monkeypatch.context() as patch:
        for method in ("get", "getlist", "__getitem__", "__contains__"):
            patch.setattr(QueryDict, method, watched(getattr(QueryDict, method)))
        yield names


def _person_for(row: Row) -> str | None:
    """Somebody who may: the people of the study first, for whom most fields are open."""
    allowed = [column for column, cell in zip(COLUMNS, row.cells, strict=True) if cell == "+"]
    for column in ("agency", "sw", *allowed):
        if column in allowed:
            return column
    return None


def rows_of(method: str) -> list[tuple[Row, str]]:
    found = []
    for row in ROWS:
        person = _person_for(row)
        if row.method == method and person and not row.address.startswith(ELSEWHERE):
            found.append((row, person))
    return found


class Caller:
    """Asks for addresses as the person of each, and undoes what came of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients: dict[str, Client] = {}
        self.failures: dict[str, list[str]] = defaultdict(list)

    def client(self, person: str) -> Client:
        if person not in self.clients:
            self.clients[person] = Client(headers={"host": "testserver"})
            if person != OUT:
                self.clients[person].force_login(self.world.people[person])
        return self.clients[person]

    def form(self, row: Row, person: str) -> dict[str, Any]:
        sent = self.world.sent
        return dict(sent.get(f"{row.address}|{person}") or sent.get(row.address, {}))

    def ask(self, row: Row, person: str, sent: dict[str, Any]) -> int:
        """The status; 500 where the program failed."""
        address = self.world.addresses[row.address].split("?")[0]
        client = self.client(person)
        kept = client.cookies.copy()
        for value in sent.values():
            if hasattr(value, "seek"):
                value.seek(0)
        try:
            with transaction.atomic():
                ask = client.post if row.method == "POST" else client.get
                status: int = ask(address, sent).status_code
                transaction.set_rollback(True)
        except Exception as error:
            self.failures[f"{row.method} {row.address}"].append(f"{type(error).__name__}: {error}")
            status = 500
        client.cookies = kept
        return status

    def told(self) -> str:
        return "\n".join(f"{row}: {errors[0][:300]} (×{len(errors)})"
                         for row, errors in self.failures.items())  # fmt: skip


def _parameters(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> dict[Row, tuple[str, set[str]]]:
    found = {}
    for row, person in rows_of("GET"):
        with seen_reading(monkeypatch) as names:
            caller.ask(row, person, {})
        if names:
            found[row] = (person, names)
    return found


@HALVES
def test_every_parameter_that_a_page_reads_may_be_absurd(
    world: World, monkeypatch: pytest.MonkeyPatch, half: int
) -> None:
    caller = Caller(world)
    parameters = _parameters(caller, monkeypatch)
    read = {name for _person, names in parameters.values() for name in names}
    assert read >= {"page", "q", "need", "kind", "status", "field", "next", "from"}
    wrong = []
    for row, (person, names) in parameters.items():
        for name, said in product(sorted(names), [*IN_ADDRESSES][half::2]):
            if caller.ask(row, person, {name: IN_ADDRESSES[said]}) >= 500:
                wrong.append(f"GET {row.address}?{name}= {said}")
    assert not wrong, "\n".join(wrong) + "\n" + caller.told()


@HALVES
def test_every_field_of_every_form_may_be_absurd(
    world: World, monkeypatch: pytest.MonkeyPatch, half: int
) -> None:
    caller = Caller(world)
    wrong, fields = [], set()
    for row, person in rows_of("POST"):
        form = caller.form(row, person)
        with seen_reading(monkeypatch) as names:
            caller.ask(row, person, form)
        fields |= names
        for name, said in product(sorted(names), [*IN_FIELDS][half::2]):
            # By somebody who may send the rest of the form as it stands.
            if caller.ask(row, person, form | {name: IN_FIELDS[said]}) >= 500:
                wrong.append(f"POST {row.address} {name}= {said}")
    assert fields >= {"note", "people", "capacity", "unit_cost", "needs", "statements", "until"}
    assert not wrong, "\n".join(wrong) + "\n" + caller.told()


#: A good row of each table of a proposal.
TABLE_ROWS: dict[str, dict[str, Any]] = {
    "objectives": {"statement": "夜里走路看得清", "indicator": "路灯", "unit": "盏", "target": "20",
                   "override": "试点"},
    "plan": {"kind": "activity", "title": "夜巡", "sessions": "4", "people": "10", "month": "2"},
    "team": {"part": "项目社工", "hours_week": "8"},
    "budget": {"account": "3", "item": "路灯", "unit": "盏", "unit_price": "120", "quantity": "20"},
    "risks": {"risk": "下雨", "response": "改期"},
}  # fmt: skip
LARGE = {
    "exponent": "1e999999",
    "as large as allowed": "9999999999.99",
    "eight digits": "99999999.99",
    "over a small field": "40000",
    "over a field": "3000000000",
    "over a large field": "99999999999999999999",
}


def test_every_cell_of_a_proposal_may_be_absurd_and_its_pages_still_open(world: World) -> None:
    client = Client()
    client.force_login(world.people["agency"])
    pk = resolve(world.addresses["projects:detail@draft"]).kwargs["pk"]
    pages = [reverse(f"projects:{name}", args=[pk]) for name in ("detail", "export_docx",
                                                                "export_xlsx")]  # fmt: skip
    saved = 0
    for table, row in TABLE_ROWS.items():
        address = reverse("projects:row_create", args=[pk, table])
        assert client.post(address, row).status_code == 302, table
        for name, said in product(row, LARGE):
            status = client.post(address, row | {name: LARGE[said]}).status_code
            assert status in (302, 422), f"{table} {name}= {said}"
            saved += status == 302
    assert saved
    assert [client.get(page).status_code for page in pages] == [200] * 3


def test_an_amount_nobody_has_is_refused_in_words(world: World) -> None:
    client = Client()
    client.force_login(world.people["agency"])
    pk = resolve(world.addresses["projects:detail@draft"]).kwargs["pk"]
    absurd = {"unit_price": "9999999999.99", "quantity": "99999999.99"}
    answer = client.post(
        reverse("projects:row_create", args=[pk, "budget"]), TABLE_ROWS["budget"] | absurd
    )
    assert answer.status_code == 422
    assert "请核对这一行的单价和数量" in answer.content.decode()


def test_numbers_in_addresses_may_be_absurd(world: World) -> None:
    caller = Caller(world)
    wrong = []
    for row, person in rows_of("GET") + rows_of("POST"):
        address = world.addresses[row.address].split("?")[0]
        parts = address.split("/")
        for at, part in enumerate(parts):
            if not part.isdigit():
                continue
            for number in (NINES, "0", "9" * 5_000):
                asked = "/".join([*parts[:at], number, *parts[at + 1 :]])
                client = caller.client(person)
                status = (client.post if row.method == "POST" else client.get)(asked).status_code
                if status not in (200, 302, 403, 404, 405, 422):
                    wrong.append(f"{row.method} {asked[:80]}: {status}")
    assert not wrong, "\n".join(wrong)


def test_a_nul_anywhere_is_a_bad_request_in_words(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = Caller(world)
    wrong = []
    for row, (person, names) in _parameters(caller, monkeypatch).items():
        for name in sorted(names):
            if (status := caller.ask(row, person, {name: "a\0b"})) != 400:
                wrong.append(f"GET {row.address}?{name}=: {status}")
    for row, person in rows_of("POST"):
        if (status := caller.ask(row, person, {"note": "a\0b"})) != 400:
            wrong.append(f"POST {row.address}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", ["/taxonomy/%00/", "/places/%00/edit/", "/%00", "/?a%00=1"])
def test_a_nul_in_a_path_or_a_name_is_answered_too(world: World, path: str) -> None:
    client = Client()
    client.force_login(world.people["agency"])
    response = client.get(path)
    assert response.status_code == 400
    assert "请求有误" in response.content.decode()
    assert "content-security-policy" in {name.lower() for name in response.headers}


def test_a_nul_in_a_cookie_reaches_no_database(world: World) -> None:
    cookie = rf'{settings.SESSION_COOKIE_NAME}="abcdefgh\000"'
    assert Client(headers={"cookie": cookie}).get("/").status_code == 400


@pytest.mark.parametrize("page", [NINES, "-1", "0", "abc", "1.5", "²", "9" * 5_000])
def test_a_page_that_is_not_there_is_some_page(world: World, page: str) -> None:
    client = Client()
    client.force_login(world.people["agency"])
    assert client.get(reverse("matching:offers"), {"page": page}).status_code == 200
