"""Every address of the site for everybody: `permissions/table.txt` says who gets what.

The table is written from the rules of the field, not from the code. A new address fails
`test_every_address_stands_in_the_table` until somebody has decided who may use it.
"""

import io
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse

from permissions import world as words
from permissions.world import OUT, STRANGERS, World, make_world
from sanshe.core.models import AccessLine, HistoryLine
from sanshe.needs.tests.fakes import use_fakes
from sanshe.organizations.models import Role

TABLE = Path(__file__).parent / "permissions" / "table.txt"
COLUMNS = (*(role.value for role in Role), OUT, *STRANGERS)
MEANING = {
    "+": "allowed",
    "-": "403",
    ".": "404",
    "x": "405",
    ">": "sign in first",
}


STUDY = frozenset({"city", "civil", "town", "comm", "station", "agency", "supv", "sw"})
CLOSE = frozenset({"comm", "agency", "supv", "sw"})
HOUSE = frozenset({"agency", "supv", "sw"})
PUBLIC = frozenset({"corg", "vol", "donor", "res"})
ELSEWHERE = frozenset({"comm2", "sw2", "city", "civil"})


@dataclass(frozen=True)
class Secret:
    """Words of the world, who may read them, and on which pages (all, where none is named)."""

    words: str
    readers: frozenset[str]
    only: tuple[str, ...] = ("",)
    never: tuple[str, ...] = ()

    def may_stand(self, column: str, row: "Row") -> bool:
        page = row.address
        return (
            column in self.readers
            and page.startswith(self.only)
            and not page.startswith(self.never)
        )


#: Safety stays out of everything that is handed on, also where its reader made it.
HANDED_ON = ("projects:", "matching:run_export", "needs:board_export")
SECRETS = (
    Secret(words.PHONE, CLOSE, only=("needs:statement_original",)),
    Secret(words.SAFETY_WORDS, CLOSE, never=HANDED_ON),
    Secret(words.SAFETY_TITLE, CLOSE, never=HANDED_ON),
    Secret(words.VOICED_WORDS, STUDY),
    Secret(words.FRESH_WORDS, CLOSE),
    Secret(words.NEED_TITLE, STUDY),
    Secret(words.PLANNED_TITLE, STUDY | PUBLIC),
    Secret(words.OTHER_WORDS, ELSEWHERE),
    Secret(words.OTHER_TITLE, ELSEWHERE),
    Secret(words.DRAFT_TITLE, HOUSE),
    Secret(words.CONTACT_PHONE, STUDY | {"comm2", "sw2"}),
)


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    method: str
    address: str
    cells: str

    @property
    def pattern(self) -> str:
        return self.address.split("@")[0]


def read_table() -> list[Row]:
    rows = []
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            method, address, *blocks = line.split()
            cells = "".join(blocks)
            assert len(cells) == len(COLUMNS), line
            assert set(cells) <= set(MEANING), line
            rows.append(Row(method, address, cells))
    return rows


ROWS = read_table()


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with time_machine.travel("2026-07-01T04:00:00+00:00", tick=True):
        use_fakes(monkeypatch)
        yield make_world()


def _ask(client: Client, world: World, row: Row, column: str) -> HttpResponse:
    """One request whose effects are undone."""
    address = world.addresses[row.address]
    with transaction.atomic():
        if row.method == "POST":
            sent = world.sent.get(f"{row.address}|{column}") or world.sent.get(row.address, {})
            for value in sent.values():
                if hasattr(value, "seek"):
                    value.seek(0)
            response = client.post(address.split("?")[0], sent)
        else:
            response = client.get(address)
        transaction.set_rollback(True)
    return response


def _outcome(response: HttpResponse) -> str:
    if response.status_code in (302, 303):
        return ">" if response["Location"].startswith(reverse("account_login")) else "+"
    known = {403: "-", 404: ".", 405: "x", 200: "+", 422: "?", 409: "?"}
    return known.get(response.status_code, f"!{response.status_code}")


def _text_of(response: HttpResponse) -> str:
    """What a person can read of an answer; files of Word and Excel are unpacked."""
    content: bytes = response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", errors="replace")


def _lines_written() -> int:
    return HistoryLine.objects.count() + AccessLine.objects.count()


def _sign_in(client: Client, world: World, column: str) -> None:
    if column != OUT:
        client.force_login(world.people[column])


@pytest.mark.parametrize("column", COLUMNS)
def test_every_address_answers_this_person_as_the_table_says(
    client: Client, world: World, column: str
) -> None:
    _sign_in(client, world, column)
    differing, told = [], []
    for row, response in _visits(client, world, column):
        outcome, expected = _outcome(response), row.cells[COLUMNS.index(column)]
        if outcome != expected:
            differing.append(f"{row.method} {row.address}: {outcome}, the table says {expected}")
        said = _text_of(response)
        told += [
            f"{row.method} {row.address} tells “{secret.words}”"
            for secret in SECRETS
            if secret.words in said and not secret.may_stand(column, row)
        ]
    assert not differing, f"as {column}:\n" + "\n".join(differing)
    assert not told, f"as {column}:\n" + "\n".join(told)


def test_the_secrets_can_be_found_where_they_may_stand(client: Client, world: World) -> None:
    """Otherwise the test above would look for words that stand nowhere."""
    found = set()
    for column in ("sw", "sw2"):
        _sign_in(client, world, column)
        for _row, response in _visits(client, world, column):
            said = _text_of(response)
            found |= {secret.words for secret in SECRETS if secret.words in said}
    assert found == {secret.words for secret in SECRETS}


def test_signed_out_no_method_of_any_address_gives_anything(client: Client, world: World) -> None:
    opened = []
    for row in ROWS:
        if row.cells[COLUMNS.index(OUT)] == "+" or row.pattern == "account_logout":
            continue
        for method in (client.get, client.post, client.put, client.delete, client.options):
            outcome = _outcome(method(world.addresses[row.address]))
            if outcome not in (">", "."):
                opened.append(f"{method.__name__} {row.address}: {outcome}")
    assert not opened, "\n".join(opened)


@pytest.mark.parametrize("column", ["agency", "sys"])
def test_an_address_takes_only_the_methods_of_the_table(
    client: Client, world: World, column: str
) -> None:
    """Where the table has no POST, sending a form changes nothing; where it has only POST, a link
    does not act."""
    _sign_in(client, world, column)
    listed = {(row.method, row.address) for row in ROWS}
    wrong = []
    for method, address in listed:
        other = "GET" if method == "POST" else "POST"
        if (other, address) in listed or address.startswith(("account", "mfa", "set_language")):
            continue
        if other == "GET" and any(("GET", a) in listed for a in _same_pattern(address)):
            continue
        written = _lines_written()
        outcome = _outcome(_ask(client, world, Row(other, address, ""), column))
        if other == "GET" and outcome not in ("x", "-", "."):
            wrong.append(f"GET {address}: {outcome}")
        if _lines_written() != written:
            wrong.append(f"{other} {address} wrote history")
    assert not wrong, "\n".join(wrong)


def test_every_address_stands_in_the_table(world: World) -> None:
    told = {resolve(world.addresses[row.address].split("?")[0]).route for row in ROWS}
    assert _routes(get_resolver()) - told == set()


def test_no_row_stands_twice() -> None:
    rows = [(row.method, row.address) for row in ROWS]
    assert len(rows) == len(set(rows))


def _visits(client: Client, world: World, column: str) -> Iterator[tuple[Row, HttpResponse]]:
    """Every row, each from the same signed-in start."""
    client.get(reverse("healthz"))
    session = deepcopy(client.cookies)
    for row in ROWS:
        client.cookies = deepcopy(session)
        yield row, _ask(client, world, row, column)


def _same_pattern(address: str) -> list[str]:
    pattern = address.split("@")[0]
    return [row.address for row in ROWS if row.pattern == pattern]


def _routes(resolver: URLResolver, before: str = "") -> set[str]:
    found = set()
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        found |= _routes(pattern, route) if isinstance(pattern, URLResolver) else {route}
    return found
