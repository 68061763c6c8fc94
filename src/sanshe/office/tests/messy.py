"""Workbooks as offices make them."""

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from sanshe.engine.gazetteer import Gazetteer
from sanshe.office.places import load_gazetteer
from sanshe.office.rows import RowError
from sanshe.office.statements import StatementTable, read_statements
from sanshe.office.tables import Book, Sheet

Line = Sequence[object]
HEAD = ("编号", "反映内容", "受访对象", "社区（村）", "走访日期", "收集方式")
LAMPS = "晚上没有路灯，老人不敢出门"
LESSONS = "孩子放学没人接，希望有托管班"
BINS = "垃圾桶太少，夏天味道很大"


def gazetteer() -> Gazetteer:
    """The shipped one."""
    return load_gazetteer()


def lay(sheet: Worksheet, rows: Sequence[Line], merges: Sequence[str] = ()) -> None:
    """Put rows into a sheet from row 1 on, then merge."""
    for at, row in enumerate(rows, 1):
        for column, cell in enumerate(row, 1):
            if cell is not None:
                sheet.cell(at, column, cell)
    for span in merges:
        sheet.merge_cells(span)


def book(
    path: Path,
    *sheets: tuple[str, Sequence[Line]],
    merges: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> Path:
    """Save a workbook; merges apply to the first sheet."""
    work = openpyxl.Workbook()
    work.remove(work.worksheets[0])
    for at, (name, rows) in enumerate(sheets):
        sheet = work.create_sheet(name)
        lay(sheet, rows, merges if at == 0 else ())
        if name in hidden:
            sheet.sheet_state = "hidden"
    work.save(path)
    return path


def text_file(
    path: Path, rows: Sequence[Line], *, code: str = "utf-8", separator: str = ","
) -> Path:
    """Save a text table."""
    with path.open("w", encoding=code, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def document(path: Path, *blocks: str | Sequence[Sequence[str]]) -> Path:
    """Save a Word document of paragraphs and tables; a cell ^ goes on from the cell above."""
    body = "".join(
        f"<w:p><w:r><w:t>{escape(block)}</w:t></w:r></w:p>"
        if isinstance(block, str)
        else _table(block)
        for block in blocks
    )
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{name}"><w:body>{body}</w:body></w:document>',
        )
    return path


def _table(rows: Sequence[Sequence[str]]) -> str:
    out = []
    for at, row in enumerate(rows):
        cells = []
        for column, cell in enumerate(row):
            starts = at + 1 < len(rows) and column < len(rows[at + 1])
            starts = starts and rows[at + 1][column] == "^" and cell != "^"
            merge = "<w:vMerge/>" if cell == "^" else ""
            merge = '<w:vMerge w:val="restart"/>' if starts else merge
            words = "" if cell == "^" else escape(cell)
            cells.append(
                f"<w:tc><w:tcPr>{merge}</w:tcPr><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>"
            )
        out.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl>{''.join(out)}</w:tbl>"


def found(errors: Sequence[RowError]) -> list[tuple[int, str]]:
    """Row and reason of every error."""
    return [(error.row, error.reason) for error in errors]


def statements_of(*rows: Line, name: str = "表", **options: Any) -> StatementTable:
    """Read rows that stand in one sheet of a workbook."""
    lot = [[None if cell == "" else cell for cell in row] for row in rows]
    return read_statements(
        Book("a.xlsx", "xlsx", [Sheet(name, lot)]),
        gazetteer=gazetteer(),
        **options,
    )
