"""Build the sample city of 石狮: organisations, workers, offers and one account per role."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from sanshe.desk.sample.accounts import ADMINISTRATORS, PASSWORD, is_production, totp_secret
from sanshe.desk.sample.seeding import CITY, rows, seed
from sanshe.organizations.models import Role
from sanshe.places.models import Division
from sanshe.taxonomy.models import NeedType


class Command(BaseCommand):
    help = "Build the labelled sample city. Safe to run again; refuses on a production server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would come")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        if is_production():
            raise CommandError(
                "seed_demo makes accounts with a known password and never runs in production"
            )
        with transaction.atomic():
            if not Division.objects.filter(code__startswith=CITY).exists():
                call_command("load_places", stdout=self.stdout)
            if not NeedType.objects.exists():
                call_command("load_taxonomy", stdout=self.stdout)
            seeded = seed(timezone.localdate())
            transaction.set_rollback(dry_run)
        would = "would be " if dry_run else ""
        new = ", ".join(f"{number} {what}" for what, number in seeded.new.items() if number)
        self.stdout.write(f"sample city: {new or 'nothing'} {would}added")
        if options["verbosity"] > 1:
            self._accounts()

    def _accounts(self) -> None:
        self.stdout.write(f"sample accounts, password {PASSWORD}:")
        for row in rows("accounts"):
            line = f"  {row['username']:9}{Role(row['role']).label}  {row['name']}"
            if row["username"] in ADMINISTRATORS:
                line += f"  TOTP {totp_secret(row['username'])}"
            self.stdout.write(line)
        self.stdout.write("a current TOTP code: manage sample_code sys")
