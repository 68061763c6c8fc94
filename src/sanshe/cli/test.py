"""`sanshe test`: the whole suite on SQLite, then on PostgreSQL where its server is installed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import typer

from sanshe.cli import postgres
from sanshe.cli.console import Format, FormatOption, Problem, say, show
from sanshe.cli.words import t

CONTEXT = {"allow_extra_args": True, "ignore_unknown_options": True}
HELP = t(
    "运行全部测试：先用 SQLite，再用 PostgreSQL（本机装有其服务程序时，自动启动一个临时的）。"
    "其余参数原样交给 pytest。",
    "Run the whole suite on SQLite, then on a temporary PostgreSQL where its server programs are "
    "installed. Other arguments are passed on to pytest.",
)
ROOT = Path(__file__).resolve().parents[3]
#: These floors know no database (import-linter keeps it so); once is enough for them.
WITHOUT_DATABASE = ("src/sanshe/engine", "src/sanshe/office")


def run(ctx: typer.Context, form: FormatOption = Format.TEXT) -> None:
    arguments = list(ctx.args)
    results: dict[str, int | None] = {}
    results["sqlite"] = _pytest("SQLite", arguments, form, {"DATABASE_URL": ""})
    results["postgresql"] = _on_postgres(arguments, form)
    passed = all(code in (0, None) for code in results.values())
    if form is Format.JSON:
        said = {name: _word(code) for name, code in results.items()}
        show(form, {"passed": passed, **said}, "")
    raise typer.Exit(0 if passed else 1)


def _on_postgres(arguments: list[str], form: Format) -> int | None:
    programs = postgres.server_programs()
    if programs is None:
        say(
            t(
                "PostgreSQL：本机没有服务程序，这一半没有运行（Debian：apt install postgresql）。",
                "PostgreSQL: no server programs here, so this half was skipped "
                "(Debian: apt install postgresql).",
            )
        )
        return None
    version = postgres.version_of(programs)
    if version < postgres.OLDEST:
        say(
            t(
                f"PostgreSQL {version} 过旧（需要 {postgres.OLDEST} 以上），这一半没有运行。",
                f"PostgreSQL {version} is too old ({postgres.OLDEST} is needed): skipped.",
            )
        )
        return None
    extra = arguments
    if not _names_tests(arguments):
        extra = [*(f"--ignore={path}" for path in WITHOUT_DATABASE), *arguments]
    try:
        with postgres.temporary_server(programs) as url:
            return _pytest(f"PostgreSQL {version}", extra, form, {"DATABASE_URL": url})
    except Problem as problem:
        say(f"sanshe: {problem.message}")
        return 1


def _pytest(database: str, arguments: list[str], form: Format, extra: dict[str, str]) -> int:
    say(f"— pytest · {database} —")
    workers = [] if _names_workers(arguments) else ["-n", str(os.cpu_count() or 1)]
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-P", "-X", "utf8", "-m", "pytest", *workers, *arguments],
        cwd=ROOT,
        env=os.environ | extra | {"DJANGO_SETTINGS_MODULE": "sanshe.config.settings.test"},
        stdout=sys.stderr if form is Format.JSON else None,
    )
    say(f"— {database}: {_word(done.returncode)} · {time.monotonic() - began:.0f} s —")
    return done.returncode


def _word(code: int | None) -> str:
    if code is None:
        return "skipped"
    return {0: "passed", 5: "nothing ran"}.get(code, "failed")


def _names_workers(arguments: list[str]) -> bool:
    return any(a.startswith(("-n", "--numprocesses", "--pdb", "-s")) for a in arguments)


def _names_tests(arguments: list[str]) -> bool:
    return any(a.split("::")[0] and (ROOT / a.split("::")[0]).exists() for a in arguments)
