"""Spreadsheets (xlsx, xls, ods) through calamine."""

import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path

import python_calamine as calamine

from sanshe.office import limits
from sanshe.office.grids import Grid, Meter, Plain, Range, fill_merged, trim
from sanshe.office.limits import Refused

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def read(path: Path, kind: str) -> Iterator[Grid]:
    """Every worksheet, hidden ones marked."""
    try:
        yield from _read(path, kind)
    except calamine.PasswordError as error:
        raise Refused("password") from error
    except calamine.CalamineError as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise Refused("password") from error
        raise Refused("damaged", "工作簿内容有误", "broken workbook") from error


def _read(path: Path, kind: str) -> Iterator[Grid]:
    # from_path would trust the file's extension; from bytes it looks at the content
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    if len(book.sheets_metadata) > limits.MAX_SHEETS:
        raise Refused("too_big", f" {len(book.sheets_metadata)} 张工作表", "too many sheets")
    spans = _ods_spans(path) if kind == "ods" else {}
    meter = Meter()
    for about in book.sheets_metadata:
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        grid = Grid(about.name, hidden=about.visible != calamine.SheetVisibleEnum.Visible)
        if sheet.start is not None:
            rows = _rows(sheet, meter)
            merged = spans.get(about.name) or [
                (top, left, bottom, right)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            ]
            if merged:
                grid.rows.extend(rows)
                trim(grid)
                fill_merged(grid, merged)
            else:
                grid.stream = rows
        yield grid


def _rows(sheet: calamine.CalamineSheet, meter: Meter) -> Iterator[list[Plain]]:
    before: list[object] = [None] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield meter.take(before + list(row))


def _ods_spans(path: Path) -> dict[str, list[Range]]:
    """Merged ranges of an .ods, which calamine does not tell."""
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as part:
        tail = b""
        while (chunk := part.read(1 << 20)) and b"-spanned" not in tail + chunk:
            tail = chunk[-20:]
        if not chunk:
            return {}
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as part:
        return _spans(ET.iterparse(part, events=("start", "end")))


def _spans(events: Iterator[tuple[str, ET.Element]]) -> dict[str, list[Range]]:
    found: dict[str, list[Range]] = {}
    here: list[Range] = []
    row = column = 0
    for event, element in events:
        tag = element.tag.removeprefix(_TABLE)
        if event == "start":
            if tag == "table":
                here = found.setdefault(element.get(_TABLE + "name", ""), [])
                row = 0
            elif tag == "table-row":
                column = 0
            elif tag in ("table-cell", "covered-table-cell"):
                down = int(element.get(_TABLE + "number-rows-spanned", "1"))
                across = int(element.get(_TABLE + "number-columns-spanned", "1"))
                if down > 1 or across > 1:
                    here.append((row, column, row + down - 1, column + across - 1))
                column += int(element.get(_TABLE + "number-columns-repeated", "1"))
        elif tag == "table-row":
            row += int(element.get(_TABLE + "number-rows-repeated", "1"))
            element.clear()
    return found
