"""Load the divisions that ship with the product: 石狮市."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sanshe.places.models import Level
from sanshe.places.services import DivisionRow, load_divisions

SHISHI = Path(__file__).resolve().parents[2] / "data" / "shishi.csv"


class Command(BaseCommand):
    help = "Load divisions from a table (default: the shipped 石狮市). Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=SHISHI)
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")

    def handle(self, *args: Any, path: Path, dry_run: bool, **options: Any) -> None:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = [
                    DivisionRow(
                        row["code"],
                        row["parent"],
                        # The engine calls the lowest level a unit.
                        Level.COMMUNITY if row["level"] == "unit" else row["level"],
                        row["name"],
                        row["short_name"],
                    )
                    for row in csv.DictReader(file)
                ]
        except (OSError, KeyError, UnicodeDecodeError) as error:
            raise CommandError(f"cannot read {path}: {error}") from error
        report = load_divisions(rows=rows, dry_run=dry_run)
        for line in (*report.added, *report.changed)[:20] if options["verbosity"] > 1 else ():
            self.stdout.write(f"  {line}")
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"places: {len(report.added)} {would}added, {len(report.changed)} {would}changed, "
            f"{report.unchanged} unchanged"
        )
