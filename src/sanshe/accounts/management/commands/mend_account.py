"""Mend an account from the server's own command line, where no second administrator is there."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sanshe.accounts.models import ReviewAct, User
from sanshe.accounts.services.users import mend_account
from sanshe.core.errors import DomainError

_ACTS = {
    "unlock": ReviewAct.UNLOCK,
    "new-password": ReviewAct.RESET_PASSWORD,
    "forget-second-factor": ReviewAct.RESET_MFA,
    "enable": ReviewAct.ENABLE,
    "disable": ReviewAct.DISABLE,
}


class Command(BaseCommand):
    help = "Mend an account: mend_account li unlock · mend_account li new-password"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("what", choices=sorted(_ACTS))
        parser.add_argument("--dry-run", action="store_true", help="only check the name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.get(username=options["username"])
        except User.DoesNotExist as error:
            raise CommandError(f"no account is named {options['username']}") from error
        if options["dry_run"]:
            self.stdout.write(f"would {options['what']}: {user.username}")
            return
        try:
            password = mend_account(user=user, act=_ACTS[options["what"]])
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"done: {options['what']} {user.username}")
        if password:
            self.stdout.write(f"one-time password: {password}")
