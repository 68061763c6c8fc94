"""Give a role from the server's own command line: how the first security administrator begins."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sanshe.accounts.models import User
from sanshe.core.errors import DomainError
from sanshe.organizations.models import Organization, Role
from sanshe.organizations.services import give_role
from sanshe.places.models import Division


class Command(BaseCommand):
    help = "Give a role to an account: give_role li sec · give_role wang comm --place 350581001006"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--place", help="12-digit code of the division")
        parser.add_argument("--organization", help="its full name")
        parser.add_argument("--dry-run", action="store_true", help="only check the names")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.get(username=options["username"])
            division = Division.objects.get(pk=options["place"]) if options["place"] else None
            organization = (
                Organization.objects.get(name=options["organization"])
                if options["organization"]
                else None
            )
        except (
            User.DoesNotExist,
            Division.DoesNotExist,
            Organization.DoesNotExist,
            Organization.MultipleObjectsReturned,
        ) as error:
            raise CommandError(str(error)) from error
        if options["dry_run"]:
            self.stdout.write(f"would give {options['role']} to {user.username}")
            return
        try:
            membership = give_role(
                user=user,
                role=Role(options["role"]),
                organization=organization,
                division=division,
                actor=None,
                on=timezone.localdate(),
            )
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"gave {membership.role} to {user.username}")
