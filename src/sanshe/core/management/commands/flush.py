"""Django's flush, which would otherwise be refused by the two logs."""

from typing import Any

from django.core.management.commands.flush import Command as DjangoFlush
from django.db import connections

from sanshe.core.append_only import install, lift


class Command(DjangoFlush):
    help = f"{DjangoFlush.help} The two logs are emptied too: for tests and trials only."

    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        lift(connection)
        try:
            super().handle(**options)
        finally:
            install(connection)
