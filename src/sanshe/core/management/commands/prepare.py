"""Makes a database ready for the site: tables, cache, and the data every installation needs."""

from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

#: Commands of the apps above that load what every installation needs; each may run again.
LOADERS = ("load_taxonomy", "load_places")


class Command(BaseCommand):
    help = "Migrate, create the cache table, load the taxonomy and the divisions. May run again."

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = {"verbosity": 0 if options["verbosity"] < 2 else options["verbosity"]}
        call_command("migrate", interactive=False, **quiet)
        call_command("createcachetable", **quiet)
        known = get_commands()
        for name in LOADERS:
            if name in known:
                call_command(name, stdout=self.stdout, stderr=self.stderr)
        if options["verbosity"]:
            self.stdout.write("database ready")
