"""Load the shipped tree of needs into the tables."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sanshe.core.errors import BadEntry
from sanshe.taxonomy.services import load_tree_into_tables
from sanshe.taxonomy.tree import DATA, TreeError, read_tree


class Command(BaseCommand):
    help = "Load the taxonomy (16 fields, 89 need types). Never deletes; safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=DATA / "taxonomy.csv")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")

    def handle(self, *args: Any, path: Path, dry_run: bool, **options: Any) -> None:
        try:
            report = load_tree_into_tables(
                tree=read_tree(path), on=timezone.localdate(), dry_run=dry_run
            )
        except (OSError, TreeError, BadEntry) as error:
            raise CommandError(str(error)) from error
        would = "would be " if dry_run else ""
        if report.retired:
            self.stdout.write(f"retired: {', '.join(report.retired)}")
        if report.kept:
            self.stdout.write(f"changed here, words kept: {', '.join(report.kept)}")
        self.stdout.write(
            f"taxonomy: {len(report.added)} {would}added, {len(report.changed)} {would}changed, "
            f"{len(report.retired)} {would}retired, {report.unchanged} unchanged"
        )
