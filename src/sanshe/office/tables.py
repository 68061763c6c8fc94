"""Tables of an office file, read in a child process that a hostile file cannot leave."""

import errno
import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO

from sanshe.office import limits
from sanshe.office.errors import OfficeError, refusal

Cell = str | int | float | bool | date | datetime | None

_SOURCE = Path(__file__).resolve().parents[2]
_MAX_LINE = 64 * 2**20
_MAX_SHARED = 50_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; `rows[i]` is row i + 1 as the office counts, `bands` its merged stretches."""

    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    bands: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Book:
    """Every table of one file; `kind` is what it really is: xlsx, xls, ods, docx, parquet, text."""

    name: str
    kind: str
    sheets: list[Sheet]


def read_book(path: Path | str) -> Book:
    """Every table of the file, merged cells filled, empty edges left out.

    Raises:
        OfficeError: the file is refused whole, within `limits.seconds_for(its size)` seconds.
    """
    path = Path(path)
    size = _look_at(path)
    seconds = limits.seconds_for(size)
    with _child(path, seconds) as child:
        overdue = threading.Event()

        def stop() -> None:
            overdue.set()
            child.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            assert child.stdout is not None
            book = _listen(path.name, child.stdout)
        finally:
            timer.cancel()
            child.kill()
            code = child.wait()
    if book is not None:
        return book
    raise refusal(_why_silent(code, overdue.is_set()), path.name)


def _look_at(path: Path) -> int:
    """The size of a regular file one may read."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise refusal("not_a_file", path.name or str(path))
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise refusal("missing", str(path)) from error
    except PermissionError as error:
        raise refusal("no_permission", path.name) from error
    except (OSError, ValueError) as error:
        looped = getattr(error, "errno", 0) == errno.ELOOP
        detail = "链接绕成了圈" if looped else "路径有误"
        detail_en = "links in a circle" if looped else "bad path"
        raise refusal("unreadable", path.name, detail=detail, detail_en=detail_en) from error
    if about.st_size == 0:
        raise refusal("empty", path.name)
    if about.st_size > limits.MAX_FILE_BYTES:
        raise refusal("too_big", path.name, detail=f" {about.st_size >> 20} MB")
    return about.st_size


def _child(path: Path, seconds: float) -> subprocess.Popen[bytes]:
    keep = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
    environment = {key: os.environ[key] for key in keep if key in os.environ}
    environment |= {
        "PYTHONPATH": str(_SOURCE),
        "POLARS_MAX_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "RUST_BACKTRACE": "0",
    }
    return subprocess.Popen(
        [sys.executable, "-P", "-X", "utf8", "-m", "sanshe.office.child", str(path.resolve())]
        + [f"{seconds:.1f}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def _listen(name: str, out: IO[bytes]) -> Book | None:
    """What the child tells, as a book; None if it fell silent before its end.

    Raises:
        OfficeError: the child refused the file.
    """
    kind = ""
    sheets: list[Sheet] = []
    shared: dict[str, str] = {}
    for line in _lines(out):
        said = json.loads(line)
        if isinstance(said, list):
            sheets[-1].rows.extend(_cells(row, shared) for row in said)
        elif "sheet" in said:
            bands = {int(row): [(a, b) for a, b in all_] for row, all_ in said["bands"].items()}
            sheets.append(Sheet(said["sheet"], [], said["hidden"], bands, said["notes"]))
        elif "kind" in said:
            kind = said["kind"]
        elif "refuse" in said:
            raise _refused(said, name)
        elif "done" in said:
            for sheet in sheets:
                while sheet.rows and not sheet.rows[-1]:
                    sheet.rows.pop()
            return Book(name, kind, sheets)
    return None


def _lines(out: IO[bytes]) -> Iterator[bytes]:
    while (line := out.readline(_MAX_LINE)).endswith(b"\n"):
        yield line


def _cells(row: list[object], shared: dict[str, str]) -> list[Cell]:
    """Cells as they travelled, back in their types; short words that repeat are kept once."""
    cells: list[Cell] = []
    for cell in row:
        if isinstance(cell, str):
            if len(cell) < 40 and len(shared) < _MAX_SHARED:
                cell = shared.setdefault(cell, cell)
            cells.append(cell)
        elif isinstance(cell, dict):
            if "d" in cell:
                cells.append(date.fromisoformat(cell["d"]))
            else:
                cells.append(datetime.fromisoformat(cell["t"]))
        elif cell is None or isinstance(cell, bool | int | float):
            cells.append(cell)
    return cells


def _refused(said: dict[str, str], name: str) -> OfficeError:
    return refusal(said["refuse"], name, detail=said["detail"], detail_en=said["detail_en"])


def _why_silent(code: int, overdue: bool) -> str:
    if overdue or code in (-24, -9):  # SIGXCPU, then SIGKILL
        return "too_slow"
    return "too_hungry" if code == -6 else "crashed"  # SIGABRT: a reader ran out of memory
