"""End a role from the server's own command line, where no second administrator is there."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sanshe.core.errors import DomainError
from sanshe.organizations.models import Role
from sanshe.organizations.selectors import memberships_on
from sanshe.organizations.services import end_role


class Command(BaseCommand):
    help = "End a role of an account in all its places and organisations: end_role li aud"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        username, role = options["username"], options["role"]
        today = timezone.localdate()
        held = list(memberships_on(today).filter(user__username=username, role=role))
        if not held:
            raise CommandError(f"{username} does not hold {role}")
        if options["dry_run"]:
            self.stdout.write(f"would end {role} of {username} ({len(held)})")
            return
        try:
            for membership in held:
                end_role(membership=membership, actor=None, on=today)
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"ended {role} of {username} ({len(held)})")
