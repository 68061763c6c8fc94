"""From a file to rows under their headings: what all readers share."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sanshe.office.cells import Row
from sanshe.office.errors import refusal
from sanshe.office.headings import WANTED, Wanted, fold_heading
from sanshe.office.junk import data_rows, plain_rows
from sanshe.office.layout import Layout, find_layout, headings_found
from sanshe.office.rows import RowError, RowWarning, SheetNote, SheetStatus
from sanshe.office.tables import Book, Sheet, read_book

_COVER = re.compile(
    r"(封面|封页|首页|目录|说明|(填表|填写|填报|使用|模板)?(说明|须知|示例|样例)|字典|代码表|选项|"
    r"cover|readme|instructions?)\s*\d*",
    re.IGNORECASE,
)
_SAID = {"section": "第 {row} 行是分段标题，没有作为数据导入：{words}"}


@dataclass
class Findings:
    """What a reader collects besides its rows."""

    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowWarning] = field(default_factory=list)
    notes: list[SheetNote] = field(default_factory=list)

    def warn_sheet(self, sheet: str, message: str) -> None:
        """Something about a whole sheet."""
        self.warnings.append(RowWarning(sheet, 0, "", message))

    def close(self, row: Row) -> bool:
        """Take over what one row noted; whether the row is good."""
        self.warnings += row.warnings
        self.errors += row.errors
        return not row.errors


@dataclass(frozen=True)
class Part:
    """One sheet that holds a table we want."""

    sheet: Sheet
    layout: Layout


class Source:
    """The sheets of one file that hold the wanted table, found and explained.

    Args:
        path: a file, or a book read before.
        table: which table is wanted: statements, offers, needs, texts or labelled.
        required: fields without which a sheet is not that table; the first makes a row a row.
        mapping: field to heading, where the office says itself which column is which.

    Raises:
        OfficeError: the file cannot be read, or no sheet holds the table.
    """

    def __init__(
        self,
        path: Path | str | Book,
        table: str,
        required: Sequence[str],
        mapping: Mapping[str, str] | None = None,
    ) -> None:
        self.book = path if isinstance(path, Book) else read_book(path)
        self.table = table
        self.wanted: Wanted = WANTED[table]
        self.main = required[0]
        self.findings = Findings()
        self.parts: list[Part] = []
        self.covers: list[Sheet] = []
        self._check_mapping(mapping)
        self._sort_sheets(required, mapping)
        if not self.parts:
            raise self._refusal(required)

    def rows(self, part: Part) -> Iterator[Row]:
        """The rows of data of one sheet; what is skipped is noted."""
        name = part.sheet.name
        judge = plain_rows if self._is_plain(part.layout) else data_rows
        skipped: list[tuple[int, str]] = []
        taken = 0
        spilled = self._spilled(part)
        for number, cells, why in judge(part.sheet, part.layout, self.main):
            if why is None:
                taken += 1
                row = Row(name, number, cells, part.layout, self.wanted)
                if number in spilled:
                    row.fail(self.main, "bad_value", "这一行比标题多出内容，可能有逗号没有加引号")
                yield row
            else:
                skipped.append((number, why))
                if why in _SAID:
                    words = str(next(cell for cell in cells if cell is not None))[:30]
                    message = _SAID[why].format(row=number, words=words)
                    self.findings.warnings.append(RowWarning(name, number, "", message))
        headings = dict(part.layout.headings)
        self.findings.notes.append(
            SheetNote(name, "read", part.layout.first, taken, tuple(skipped), headings)
        )

    def finish(self) -> Findings:
        """Errors in the order of the file, once all rows are read."""
        order = {sheet.name: at for at, sheet in enumerate(self.book.sheets)}
        self.findings.errors.sort(key=lambda error: (order[error.sheet], error.row))
        self.findings.notes.sort(key=lambda note: order[note.name])
        return self.findings

    @property
    def named_sheets(self) -> bool:
        """Sheets have names somebody gave them, not the name of the file."""
        return self.book.kind in ("xlsx", "xls", "ods")

    @property
    def mapping(self) -> dict[str, str]:
        """Field to heading over all sheets; the first sheet that has a column names it."""
        found: dict[str, str] = {}
        for part in self.parts:
            for name, heading in part.layout.headings.items():
                found.setdefault(name, heading)
        return found

    def _spilled(self, part: Part) -> set[int]:
        """Rows of a text table cut apart by a separator inside a cell without quotes.

        Where many rows are longer than the headings it is a column without a heading instead.
        """
        if self.book.kind != "text":
            return set()
        first, width = part.layout.first, part.layout.width
        rows = part.sheet.rows[first:]
        long = {at for at, row in enumerate(rows, first + 1) if len(row) > width}
        if len(long) * 4 > len(rows) > 4:
            self.findings.warn_sheet(part.sheet.name, "有一列没有标题，没有导入")
            return set()
        return long

    def _is_plain(self, layout: Layout) -> bool:
        """A table some program wrote: exact field names in row 1, so every row is data."""
        exact = all(name == heading for name, heading in layout.headings.items())
        return self.table in ("texts", "labelled") and layout.first == 1 and exact

    def _sort_sheets(self, required: Sequence[str], mapping: Mapping[str, str] | None) -> None:
        visible = [sheet for sheet in self.book.sheets if not sheet.hidden and sheet.rows]
        for sheet in self.book.sheets:
            if sheet.hidden:
                self._leave(sheet, "hidden", "隐藏的工作表没有导入，如需导入请先取消隐藏")
            elif not sheet.rows:
                self.findings.notes.append(SheetNote(sheet.name, "empty"))
            elif len(visible) > 1 and _is_cover(sheet):
                self.covers.append(sheet)
                self.findings.notes.append(SheetNote(sheet.name, "cover"))
            elif layout := self._layout(sheet, required, mapping):
                self.parts.append(Part(sheet, layout))
                if layout.unused:
                    words = "、".join(layout.unused)
                    used = layout.headings[self.main]
                    message = f"按“{used}”列读取，这些列没有导入：{words}"
                    self.findings.warn_sheet(sheet.name, message)
            elif len(sheet.rows) <= 40 and len(visible) > 1:
                self.covers.append(sheet)
                self._leave(sheet, "no_column", "没有所需的列，按说明页处理，没有导入")
            else:
                self._leave(sheet, "no_column", "没有所需的列，没有导入")

    def _layout(
        self, sheet: Sheet, required: Sequence[str], mapping: Mapping[str, str] | None
    ) -> Layout | None:
        layout = find_layout(sheet, self.wanted, required, mapping)
        if layout is None and self.book.kind == "docx" and self.parts:
            before = self.parts[-1]
            if _width(before.sheet) == _width(sheet):  # one table, cut in two by a page
                old = before.layout
                return Layout(0, 0, old.columns, old.headings, title=old.title)
        return layout

    def _leave(self, sheet: Sheet, status: SheetStatus, message: str) -> None:
        self.findings.notes.append(SheetNote(sheet.name, status))
        self.findings.warn_sheet(sheet.name, message)

    def _check_mapping(self, mapping: Mapping[str, str] | None) -> None:
        if not mapping:
            return
        cells = {
            fold_heading(cell)
            for sheet in self.book.sheets
            for row in sheet.rows[:60]
            for cell in row
            if isinstance(cell, str) and len(cell) <= 60
        }
        for heading in mapping.values():
            if fold_heading(heading) not in cells:
                raise refusal("bad_mapping", self.book.name, detail=heading, found=self._found())

    def _refusal(self, required: Sequence[str]) -> Exception:
        if not any(sheet.rows for sheet in self.book.sheets):
            return refusal("empty", self.book.name)
        wanted = "、".join(self.wanted.labels[name] for name in required)
        accepted = "；".join(self.wanted.accepted(name) for name in required)
        return refusal(
            "no_column", self.book.name, wanted=wanted, found=self._found(), accepted=accepted
        )

    def _found(self) -> str:
        words: list[str] = []
        for sheet in self.book.sheets:
            if not sheet.hidden:
                words += headings_found(sheet)
        return "、".join(word[:20] for word in dict.fromkeys(words[:20])) or "（无）"


def _is_cover(sheet: Sheet) -> bool:
    return _COVER.fullmatch(sheet.name.strip()) is not None and len(sheet.rows) <= 200


def _width(sheet: Sheet) -> int:
    return max((len(row) for row in sheet.rows), default=0)
