"""Tables out: whole or not at all, and never a formula.

Two kinds of .csv:
- for programs (the contract's files): plain UTF-8 without a mark, every cell word for word. What a
  resident said must come back unchanged, so nothing is escaped.
- for people (`for_people=True`): UTF-8 with a mark, so that a spreadsheet shows Chinese at once,
  and a typed text that begins with = + - @ TAB or CR gets an apostrophe, because a spreadsheet
  would run it.
In .xlsx a text is stored as text and cannot run; there the same cells carry the spreadsheet's own
quote mark (shown nowhere, but kept when the file is saved as .csv by a careful program).
"""

import csv
import io
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sanshe.office.errors import refusal
from sanshe.office.rows import RowError, SheetNote
from sanshe.office.tables import Book, Cell

_RUNS = ("=", "+", "-", "@", "\t", "\r")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL = 32_767
_WIDEST, _NARROWEST = 60, 6


@dataclass(frozen=True)
class SheetOut:
    """One sheet to write: its name, its headings, its rows, and rows above the headings."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    title: str = ""
    widths: Mapping[str, int] = field(default_factory=dict)


def escape_formula(text: str) -> str:
    """`text` made inert for spreadsheets by an apostrophe, where it could run."""
    return "'" + text if text.startswith(_RUNS) else text


def write_csv(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    for_people: bool = False,
) -> None:
    """Write one table; None is an empty cell, dates are 2026-03-01, True is 1.

    Raises:
        OfficeError: the place cannot be written; the old file is untouched.
    """

    def fill(temporary: Path) -> None:
        code = "utf-8-sig" if for_people else "utf-8"
        with temporary.open("w", encoding=code, newline="", errors="replace") as file:
            writer = csv.writer(file, lineterminator="\r\n" if for_people else "\n")
            writer.writerow([_plain(word, for_people) for word in columns])
            writer.writerows([_plain(cell, for_people) for cell in row] for row in rows)

    whole(path, fill)


def write_xlsx(path: Path, sheets: Sequence[SheetOut]) -> None:
    """Write a workbook: frozen headings, filters, readable widths, text as text.

    Raises:
        OfficeError: the place cannot be written; the old file is untouched.
    """
    whole(path, lambda temporary: temporary.write_bytes(_workbook(sheets)))


def write_text(path: Path, text: str) -> None:
    """Write a text file (UTF-8) whole or not at all."""
    whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def write_error_workbook(
    path: Path, book: Book, errors: Sequence[RowError], notes: Sequence[SheetNote]
) -> None:
    """Give the office back the rows that were left out, each with 错误原因 and its row number.

    The headings are the file's own, so the mended workbook can be read again as it is.

    Raises:
        OfficeError: the place cannot be written.
    """
    heads = {note.name: note.header_row for note in notes if note.status == "read"}
    reasons: dict[str, dict[int, list[str]]] = {}
    for error in errors:
        where = f"{error.column}：" if error.column else ""
        own = reasons.setdefault(error.sheet, {}).setdefault(error.row, [])
        own.append(where + error.message)
    sheets = []
    for sheet in book.sheets:
        wrong = reasons.get(sheet.name)
        if not wrong:
            continue
        head = sheet.rows[heads[sheet.name] - 1] if heads.get(sheet.name) else []
        width = max([len(head), *(len(sheet.rows[row - 1]) for row in wrong)])
        columns = [str(cell or "") for cell in head] + [""] * (width - len(head))
        rows = [
            [*(sheet.rows[row - 1] + [None] * width)[:width], "；".join(why), row]
            for row, why in sorted(wrong.items())
        ]
        sheets.append(SheetOut(sheet.name, [*columns, "错误原因", "原行号"], rows))
    write_xlsx(path, sheets or [SheetOut("无错误", ["错误原因"], [])])


def whole(path: Path, fill: Callable[[Path], object]) -> None:
    """Let `fill` write a temporary file beside `path`, then put it in place in one step.

    Raises:
        OfficeError: the folder or the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name[:80]}.{secrets.token_hex(6)}")
        try:
            fill(temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise refusal("cannot_write", path.name, detail=detail) from error


def _plain(cell: object, for_people: bool) -> object:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return int(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, str):
        return escape_formula(cell) if for_people else cell
    return cell


def _workbook(sheets: Sequence[SheetOut]) -> bytes:
    import xlsxwriter

    memory = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(memory, options) as book:
        pen = _Pen(
            head=book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter"}),
            title=book.add_format({"bold": True, "font_size": 14}),
            text=book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            quoted=book.add_format(
                {"num_format": "@", "text_wrap": True, "valign": "top", "quote_prefix": True}
            ),
            day=book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        )
        used: set[str] = set()
        for sheet in sheets:
            name = _sheet_name(sheet.name, used)
            _fill_sheet(book.add_worksheet(name), sheet, pen)
    return memory.getvalue()


@dataclass(frozen=True)
class _Pen:
    head: object
    title: object
    text: object
    quoted: object
    day: object


def _fill_sheet(out, sheet: SheetOut, pen: _Pen) -> None:  # type: ignore[no-untyped-def]
    top = 0
    if sheet.title:
        out.write_string(0, 0, sheet.title, pen.title)
        top = 1
    widths = [_breadth(word) for word in sheet.columns]
    for at, word in enumerate(sheet.columns):
        out.write_string(top, at, word, pen.head)
    row = top
    for row, cells in enumerate(sheet.rows, top + 1):
        for at, cell in enumerate(cells):
            _put(out, row, at, cell, pen)
            if at < len(widths) and row < 200:
                widths[at] = max(widths[at], _breadth(cell))
    for at, width in enumerate(widths):
        wanted = sheet.widths.get(sheet.columns[at], width + 2)
        out.set_column(at, at, max(_NARROWEST, min(_WIDEST, wanted)))
    out.freeze_panes(top + 1, 0)
    if sheet.columns and row > top:
        out.autofilter(top, 0, row, len(sheet.columns) - 1)


def _put(out, row: int, at: int, cell: Cell, pen: _Pen) -> None:  # type: ignore[no-untyped-def]
    if cell is None:
        return
    if isinstance(cell, bool):
        out.write_string(row, at, "是" if cell else "否", pen.text)
    elif isinstance(cell, datetime | date):
        out.write_datetime(row, at, cell, pen.day)
    elif isinstance(cell, int | float) and abs(cell) < 1e11:
        out.write_number(row, at, cell)
    else:
        text = _ILLEGAL.sub("", str(cell))[:_LONGEST_CELL]
        out.write_string(row, at, text, pen.quoted if text.startswith(_RUNS) else pen.text)


def _sheet_name(name: str, used: set[str]) -> str:
    """A legal sheet name that no other sheet has."""
    stem = re.sub(r"[\[\]:*?/\\]|^'|'$", "", _ILLEGAL.sub("", name)).strip()[:28] or "表"
    found, count = stem, 1
    while found.lower() in used:
        count += 1
        found = f"{stem}{count}"
    used.add(found.lower())
    return found


def _breadth(cell: object) -> int:
    """How wide a cell's longest line is, a Chinese character counting as two."""
    if cell is None:
        return 0
    lines = str(cell).splitlines() or [""]
    return max(
        sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line[:80])
        for line in lines[:5]
    )
