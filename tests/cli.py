"""Running the command line as a person does: in a process of its own."""

import csv
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def sanshe(*arguments: object, **extra: str) -> subprocess.CompletedProcess[str]:
    """One command; standard output and error are kept apart."""
    return subprocess.run(
        [sys.executable, "-P", "-X", "utf8", "-m", "sanshe.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"} | extra,
        timeout=300,
    )


def write(path: Path, *rows: Sequence[object]) -> Path:
    """A table as .csv; the first row is its heading."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
