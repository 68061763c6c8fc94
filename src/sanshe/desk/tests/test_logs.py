"""The two logs: for the audit administrator alone; an export is itself logged."""

import ast
import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from time_machine import TimeMachineFixture

import sanshe
from sanshe.accounts.models import User
from sanshe.accounts.tests.factories import make_user
from sanshe.core.history import record
from sanshe.core.models import AccessLine, HistoryLine
from sanshe.desk.selectors.logs import ACCESS_VERBS, verbs_of
from sanshe.organizations.models import ADMIN_ROLES, Role
from sanshe.organizations.tests.factories import make_member

pytestmark = pytest.mark.django_db
CHANGES, ACCESSES = "/audit/changes/", "/audit/accesses/"


def signed_in(role: Role) -> Client:
    client = Client()
    user = make_member(role)
    if role in ADMIN_ROLES:
        Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}}
        )
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUD])
def test_nobody_but_the_auditor_reads_the_logs(role: Role) -> None:
    client = signed_in(role)
    for page in (CHANGES, ACCESSES):
        assert client.get(page).status_code == 403
        assert client.post(f"{page}export/").status_code == 403


def test_signed_out_people_are_asked_to_sign_in(client: Client) -> None:
    for page in (CHANGES, ACCESSES):
        assert client.get(page).status_code == 302
        assert client.post(f"{page}export/").status_code == 302


def test_the_auditor_finds_lines_by_who_what_and_when(time_machine: TimeMachineFixture) -> None:
    lin, chen = make_user("lin", name="林晓燕"), make_user("chen", name="陈国强")
    time_machine.move_to(datetime(2026, 3, 1, 15, 59, tzinfo=UTC))
    record(lin, "edit", actor=lin, note="三月一日的事")
    time_machine.move_to(datetime(2026, 3, 1, 16, 1, tzinfo=UTC))
    record(chen, "disable", actor=chen, note="三月二日的事")
    client = signed_in(Role.AUD)

    def found(**query: str) -> set[str]:
        page = client.get(CHANGES, query).content.decode()
        return {words for words in ("三月一日的事", "三月二日的事") if words in page}

    both = {"三月一日的事", "三月二日的事"}
    assert found() == both
    assert found(who="林晓") == {"三月一日的事"}
    assert found(verb="disable") == {"三月二日的事"}
    assert found(subject="accounts.user") == both
    assert found(until="2026-03-01") == {"三月一日的事"}, "days are those of the place"
    assert found(since="2026-03-02") == {"三月二日的事"}
    assert found(since="no date") == both


def test_an_export_holds_what_was_found_and_is_logged() -> None:
    lin = make_user("lin", name="林晓燕")
    record(lin, "edit", actor=lin, note="=1+1", changes={"name": ["林", "林晓燕"]})
    record(make_user("chen"), "disable", actor=None)
    client = signed_in(Role.AUD)

    answer = client.post(f"{CHANGES}export/", {"who": "lin"})

    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0][:3] == ["时间", "操作人", "动作"]
    assert len(rows) == 2
    assert rows[1][1:3] == ["林晓燕", "修改"]
    assert rows[1][5] == "=1+1" and sheet["F2"].data_type == "s", "text, never a formula"
    assert "姓名：林 → 林晓燕" in rows[1][6]
    assert "变更记录" in unquote(answer["Content-Disposition"])
    line = AccessLine.objects.get(verb="export")
    assert (line.subject, line.rows, line.actor.username) == ("core.historyline", 1, "aud")


def test_the_log_of_readings_can_be_exported_too() -> None:
    AccessLine.objects.create(
        subject="needs.statement", subject_pk="7", verb="original", address="10.0.0.9", rows=3
    )
    answer = signed_in(Role.AUD).post(f"{ACCESSES}export/", {"verb": "original"})
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[2]][3:] == ["诉求", "7", "", "10.0.0.9", 3]


@pytest.mark.parametrize("verb", sorted(ACCESS_VERBS))
def test_a_link_to_a_kind_of_access_works_before_the_first_one(verb: str) -> None:
    page = signed_in(Role.AUD).get(ACCESSES, {"verb": verb}).content.decode()
    assert f'<option value="{verb}" selected>' in page
    assert "is-invalid" not in page


def test_every_access_the_program_writes_down_can_be_searched_for() -> None:
    code = Path(sanshe.__file__).parent
    written = {
        node.args[1].value
        for path in code.rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "record_access"
        and isinstance(node.args[1], ast.Constant)
    }
    assert "original" in written
    assert written <= ACCESS_VERBS


def test_no_verb_is_offered_twice_under_one_name() -> None:
    make_user("lin")
    record(make_user("lin"), "edit", actor=None)
    names = [name for _verb, name in verbs_of(HistoryLine)]
    assert len(names) == len(set(names))
    assert "登录" not in names


@pytest.mark.parametrize("page", [CHANGES, ACCESSES])
def test_an_export_speaks_the_language_of_its_person(page: str) -> None:
    lin = make_user("lin", name="Lin")
    record(lin, "edit", actor=lin, changes={"large_text": [False, True], "username": ["a", "b"]})
    AccessLine.objects.create(subject="accounts.user", subject_pk="1", verb="read", actor=lin)
    client = signed_in(Role.AUD)
    User.objects.filter(username="aud").update(language="en")

    answer = client.post(f"{page}export/", {"who": "lin"})

    book = openpyxl.load_workbook(BytesIO(answer.content))
    words = [str(cell.value or "") for row in book.active.iter_rows() for cell in row]
    chinese = [
        word for word in [book.active.title, *words] if re.search("[\u4e00-\u9fff；：]", word)
    ]
    assert len(words) > 12 and not chinese


def test_reading_the_log_changes_nothing() -> None:
    client = signed_in(Role.AUD)
    before = HistoryLine.objects.count()
    assert client.get(f"{CHANGES}export/").status_code == 405
    client.get(CHANGES)
    assert HistoryLine.objects.count() == before


@pytest.mark.parametrize("rows", [2, 20])
@pytest.mark.parametrize("page", [CHANGES, ACCESSES])
def test_the_lists_ask_the_same_number_of_questions_however_long(
    rows: int, page: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        user = make_user(f"user{number}")
        record(user, "edit", actor=user)
        AccessLine.objects.create(subject="accounts.user", subject_pk="1", verb="x", actor=user)
    client = signed_in(Role.AUD)
    client.get(page)
    # session, person, roles, second factor, kinds, verbs, count, rows
    with django_assert_num_queries(8):
        client.get(page)
