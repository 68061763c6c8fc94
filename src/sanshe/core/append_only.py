"""The database itself refuses to change or remove a line of the two logs.

Installed after every `migrate` and not by a migration: SQLite rebuilds a table to alter it, and
what was attached to the old one is gone without a word.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from sanshe.core.models import AccessLine, HistoryLine

TABLES = (HistoryLine._meta.db_table, AccessLine._meta.db_table)
REFUSAL = "history is appended, never edited"

_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION core_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Attach the triggers; those that are there stay."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for table in TABLES:
            for statement in _creating(connection.vendor, table):
                cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Detach them, so that a test or trial database can be emptied (`manage flush`)."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for event in _events(connection.vendor):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on}")


def install_after_migrate(*, using: str, **_about: Any) -> None:
    connection = connections[using]
    if set(TABLES) <= set(connection.introspection.table_names()):
        install(connection)


def _events(vendor: str) -> tuple[str, ...]:
    return ("UPDATE", "DELETE", "TRUNCATE") if vendor == "postgresql" else ("UPDATE", "DELETE")


def _name(table: str, event: str) -> str:
    return f"{table}_no_{event.lower()}"


def _creating(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"CREATE OR REPLACE TRIGGER {_name(table, event)} BEFORE {event} ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION core_refuse()"
            for event in _events(vendor)
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {_name(table, event)} BEFORE {event} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for event in _events(vendor)
    ]
