"""The six digits a sample administrator types now: no telephone needed to look around."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sanshe.desk.sample.accounts import ADMINISTRATORS, is_production, totp_code


class Command(BaseCommand):
    help = "Print the current second-factor code of a sample administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", choices=ADMINISTRATORS)

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        if is_production():
            raise CommandError("sample accounts do not exist in production")
        self.stdout.write(totp_code(username))
