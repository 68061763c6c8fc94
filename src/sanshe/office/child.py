"""The child process that reads one file: `python -m sanshe.office.child PATH SECONDS`.

It fences itself in before it loads a reader, and answers on standard output, one JSON value a
line: {"kind"}, then for each sheet {"sheet", "hidden", "bands", "notes"} and lists of rows, at the
end {"done"} or {"refuse", "detail", "detail_en"}. Dates travel as {"d": …} or {"t": …}. JSON,
because nothing that comes back from a hostile file is executed.
"""

import json
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from sanshe.office import limits
from sanshe.office.grids import Grid, Plain
from sanshe.office.limits import Refused

_LINE_CELLS = 8_000
_LINE_CHARS = 1_000_000


def main(path: Path, seconds: float) -> int:
    """Read `path` and say what is inside; always exits 0 unless it is killed."""
    limits.fence(seconds)
    try:
        _tell(path)
        _say({"done": True})
    except Refused as no:
        _say({"refuse": no.code, "detail": no.detail, "detail_en": no.detail_en})
    except MemoryError:
        _say({"refuse": "too_hungry", "detail": "", "detail_en": ""})
    except OSError as error:
        detail_en = error.strerror or ""
        _say({"refuse": "unreadable", "detail": "系统读取错误", "detail_en": detail_en})
    except Exception as error:  # a reader broke on this file: a refusal, whatever broke it
        _say({"refuse": "damaged", "detail": "内容异常", "detail_en": type(error).__name__})
    return 0


def _tell(path: Path) -> None:
    from sanshe.office import sniff

    kind = sniff.kind_of(path)
    _say({"kind": kind})
    for grid in _grids(path, kind):
        bands = {str(row): spans for row, spans in grid.bands.items()}
        _say({"sheet": grid.name, "hidden": grid.hidden, "bands": bands, "notes": grid.notes})
        _say_rows(grid)


def _grids(path: Path, kind: str) -> Iterable[Grid]:
    if kind in ("xlsx", "ods", "docx"):
        from sanshe.office import archives

        archives.weigh(path)
    if kind == "text":
        from sanshe.office import delimited

        return delimited.read(path, path.stem)
    if kind == "docx":
        from sanshe.office import documents

        return documents.read(path)
    if kind == "parquet":
        from sanshe.office import parquet

        return parquet.read(path, path.stem)
    from sanshe.office import sheets

    return sheets.read(path, kind)


def _say_rows(grid: Grid) -> None:
    lot: list[list[Plain]] = []
    cells = chars = 0
    for row in grid.stream or grid.rows:
        lot.append(row)
        cells += len(row) + 1
        chars += sum(len(cell) for cell in row if isinstance(cell, str))
        if cells > _LINE_CELLS or chars > _LINE_CHARS:
            _say(lot)
            lot, cells, chars = [], 0, 0
    if lot:
        _say(lot)


def _say(value: object) -> None:
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_dated)
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")


def _dated(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    raise TypeError(type(value).__name__)


if __name__ == "__main__":
    code = main(Path(sys.argv[1]), float(sys.argv[2]))
    sys.stdout.flush()
    sys.exit(code)
