"""`sanshe check`: everything that must be clean before code is shared."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from sanshe.cli.console import Format, FormatOption, show
from sanshe.cli.words import t

HELP = t(
    "检查代码、翻译、数据库迁移、上线设置、依赖锁定与引擎质量。可只写几项的名称。",
    "Check code, translations, migrations, deployment settings, lock files and engine quality. "
    "Name some checks to run only those.",
)
ROOT = Path(__file__).resolve().parents[3]
PYTHON = [sys.executable, "-P", "-X", "utf8"]
_TEST = "sanshe.config.settings.test"
_PROD = "sanshe.config.settings.prod"
_LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command as f; sys.exit(f())"
#: What `check --deploy` needs to look at production settings; none of it is used anywhere.
_DEPLOY = {
    "SANSHE_HOSTS": "sanshe.example.org",
    "SANSHE_SECRET_KEY": "looked at by check --deploy and by nobody else: 0123456789 abcdefghij",
    "SANSHE_FIELD_KEY": "looked at by check --deploy and by nobody else",
}


@dataclass(frozen=True)
class Check:
    """One program that must end with 0. `alone`: it wants both cores or measures time."""

    name: str
    what: str
    command: tuple[str, ...]
    extra: tuple[tuple[str, str], ...] = ()
    alone: bool = False


CHECKS = (
    Check("ruff", "rules of the code", ("-m", "ruff", "check", ".")),
    Check("format", "layout of the code", ("-m", "ruff", "format", "--check", ".")),
    Check("imports", "floors", ("-c", _LINT_IMPORTS)),
    Check("templates", "djlint", ("-m", "djlint", "--profile=django", "--lint", "src")),
    Check(
        "migrations",
        "every model change has its migration",
        ("-m", "django", "makemigrations", "--check", "--dry-run", "--settings", _TEST),
    ),
    Check("translations", "English is complete", ("-m", "sanshe.cli.translations", "check")),
    Check(
        "deploy",
        "production settings",
        ("-m", "django", "check", "--deploy", "--fail-level", "WARNING", "--settings", _PROD),
        tuple(_DEPLOY.items()),
    ),
    Check("locks", "lock files in step", ("-m", "sanshe.cli.locks", "check")),
    Check(
        "types",
        "mypy strict",
        (
            "-m",
            "mypy",
        ),
        alone=True,
    ),
    Check("quality", "engine on unseen statements", ("-m", "sanshe.cli.quality"), alone=True),
)


@dataclass(frozen=True)
class Outcome:
    check: Check
    passed: bool
    seconds: float
    output: str


def run(
    names: Annotated[
        list[str] | None, typer.Argument(help=t("只运行这几项", "Run only these"))
    ] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    chosen = _chosen(names or [])
    outcomes = []
    with _empty_home() as home:
        for outcome in _outcomes(chosen, home):
            outcomes.append(outcome)
            if form is Format.TEXT:
                _print(outcome)
    failed = [o.check.name for o in outcomes if not o.passed]
    data = {
        "passed": not failed,
        "checks": [
            {"name": o.check.name, "passed": o.passed, "seconds": round(o.seconds, 2)}
            | ({} if o.passed and o.check.name != "quality" else {"output": o.output})
            for o in outcomes
        ],
    }
    verdict = t("全部通过。", "All clean.")
    if failed:
        verdict = t(f"未通过：{'、'.join(failed)}。", f"Not clean: {', '.join(failed)}.")
    show(form, data, verdict)
    raise typer.Exit(1 if failed else 0)


def _chosen(names: list[str]) -> list[Check]:
    known = {check.name: check for check in CHECKS}
    if unknown := [name for name in names if name not in known]:
        raise typer.BadParameter(f"{', '.join(unknown)}: {' '.join(known)}")
    return [known[name] for name in names] if names else list(CHECKS)


def _outcomes(checks: list[Check], home: Path) -> Iterator[Outcome]:
    """Small checks side by side, the large ones one by one."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        yield from pool.map(lambda c: _do(c, home), [c for c in checks if not c.alone])
    for check in checks:
        if check.alone:
            yield _do(check, home)


def _do(check: Check, home: Path) -> Outcome:
    began = time.monotonic()
    # Nothing is read from or left in this installation's data, save the trained model.
    own_home = {} if check.name == "quality" else {"SANSHE_HOME": str(home), "DATABASE_URL": ""}
    done = subprocess.run(
        [*PYTHON, *check.command],
        cwd=ROOT,
        env=os.environ | own_home | dict(check.extra),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output = done.stdout.strip()
    return Outcome(check, done.returncode == 0, time.monotonic() - began, output)


def _print(outcome: Outcome) -> None:
    mark = "✓" if outcome.passed else "✗"
    check = outcome.check
    print(f"{mark} {check.name:<13} {check.what} ({outcome.seconds:.1f} s)", flush=True)
    if outcome.output and (not outcome.passed or check.name == "quality"):
        print("\n".join(f"    {line}" for line in outcome.output.splitlines()), flush=True)


@contextmanager
def _empty_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="sanshe-check-") as folder:
        (Path(folder) / "vendor").mkdir()
        yield Path(folder)
