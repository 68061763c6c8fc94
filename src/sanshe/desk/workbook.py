"""A log as an Excel workbook."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

#: What Excel and an office computer still open with ease.
MOST_ROWS = 100_000


def write_log(
    target: Path, title: str, headings: Sequence[str], rows: Iterable[Sequence[str | int]]
) -> int:
    """Write the rows, newest first, and return how many there were; at most MOST_ROWS."""
    # Text is written as text: a note that starts with `=` must not become a formula.
    workbook = xlsxwriter.Workbook(str(target), {"constant_memory": True})
    sheet = workbook.add_worksheet(title)
    bold = workbook.add_format({"bold": True, "bottom": 1})
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, 20)
    written = 0
    for row in rows:
        if written == MOST_ROWS:
            break
        written += 1
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(written, column, value)
            else:
                sheet.write_string(written, column, value)
    workbook.close()
    return written
