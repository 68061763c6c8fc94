"""`sanshe manage …`: Django's own commands, on the settings of this installation."""

import os

import typer

CONTEXT = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "allow_interspersed_args": False,
    "help_option_names": [],
}


def run(ctx: typer.Context) -> None:
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanshe.config.settings.office")
    execute_from_command_line(["sanshe manage", *ctx.args])
