"""The two logs: written once, readable in words, and guarded by the database itself."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory, override_settings

from sanshe.accounts.tests.factories import make_user
from sanshe.core.append_only import TABLES
from sanshe.core.history import address_of, history_of, record, record_access
from sanshe.core.models import AccessLine, HistoryLine
from sanshe.core.verbs import entries_of, subject_label, verb_label


@pytest.mark.django_db
def test_a_line_says_who_did_what_to_which_thing() -> None:
    user = make_user("lin", name="林晓燕")
    record(user, "edit", actor=user, note="改了名字", changes={"name": ["林", "林晓燕"]})

    (entry,) = entries_of(history_of(user))

    assert (entry.actor, entry.verb, entry.subject) == ("林晓燕", "修改", "账号")
    assert entry.note == "改了名字"
    assert [(c.name, c.before, c.after) for c in entry.changes] == [("姓名", "林", "林晓燕")]


@pytest.mark.django_db
def test_a_line_without_a_person_was_written_by_the_program() -> None:
    record(make_user(), "import", actor=None)
    assert entries_of(HistoryLine.objects.all())[0].actor == "系统"


@pytest.mark.django_db
def test_choices_and_flags_are_shown_in_words() -> None:
    user = make_user()
    record(user, "edit", actor=user, changes={"language": ["zh-hans", "en"], "is_active": True})
    language, active = entries_of(history_of(user))[0].changes
    assert (language.before, language.after) == ("简体中文", "English")
    assert (active.before, active.after) == ("", "是")


def test_the_verbs_of_a_flow_are_said_as_the_flow_says_them() -> None:
    assert verb_label("needs.study", "submit") == "提交社区"
    assert verb_label("projects.proposal", "submit") == "提交社区"
    assert verb_label("accounts.user", "disable") == "停用"


def test_an_unknown_verb_or_thing_is_shown_as_it_is() -> None:
    assert verb_label("nowhere.thing", "juggle") == "juggle"
    assert subject_label("nowhere.thing") == "nowhere.thing"


@pytest.mark.django_db
def test_reading_something_sensitive_keeps_the_address_it_was_read_from() -> None:
    user = make_user()
    request = RequestFactory().get("/", REMOTE_ADDR="10.1.2.3")
    request.user = user
    record_access(request, "original", "needs.statement", 7, rows=3)

    line = AccessLine.objects.get()
    assert (line.actor, line.address, line.rows, line.subject_pk) == (user, "10.1.2.3", 3, "7")


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["save", "delete"])
def test_the_program_does_not_edit_history(change: str) -> None:
    line = record(make_user(), "create", actor=None)
    with pytest.raises(TypeError, match="never"):
        getattr(line, change)()


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("sql", ["UPDATE {} SET verb = 'x'", "DELETE FROM {}"])
def test_the_database_does_not_edit_history(table: str, sql: str) -> None:
    user = make_user()
    record(user, "create", actor=None)
    request = RequestFactory().get("/")
    request.user = user
    record_access(request, "read", "accounts.user", user.pk)

    with (
        pytest.raises(DatabaseError, match="never edited"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table))

    assert HistoryLine.objects.filter(verb="create").count() == 1
    assert AccessLine.objects.filter(verb="read").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_trial_database_can_be_emptied_and_is_guarded_again() -> None:
    record(make_user(), "create", actor=None)
    call_command("flush", interactive=False, verbosity=0)
    assert not HistoryLine.objects.exists()

    record(make_user(), "create", actor=None)
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        HistoryLine.objects.all().update(verb="x")


@pytest.mark.django_db(transaction=True)
def test_the_guard_returns_after_a_table_was_rebuilt() -> None:
    record(make_user(), "create", actor=None)
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            on = " ON core_historyline" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER core_historyline_no_{event}{on}")
    call_command("migrate", interactive=False, verbosity=0)
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        HistoryLine.objects.all().update(verb="x")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.1.2.3"),
        (1, "6.6.6.6, 192.168.7.7", "192.168.7.7"),
        (2, "6.6.6.6, 192.168.7.7, 10.0.0.1", "192.168.7.7"),
        (2, "192.168.7.7", "10.1.2.3"),
        (1, "<script>", None),
        (1, "", "10.1.2.3"),
    ],
)
def test_an_address_is_believed_only_from_our_own_proxies(
    proxies: int, forwarded: str, address: str | None
) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR=forwarded)
    with override_settings(TRUSTED_PROXIES=proxies):
        assert address_of(request) == address
