"""Rows of a table that are not rows of data: totals, notes, signatures, repeated headings."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from sanshe.office.headings import fold_heading
from sanshe.office.layout import Layout
from sanshe.office.tables import Cell, Sheet

_NOTE = re.compile(
    r"^\s*[(（\[【]?(填表说明|填写说明|填报说明|使用说明|说明|备注|备\s*注|注意事项|注意|附注|注|"
    r"note|notes|remark|remarks)\s*\d*\s*[)）\]】]?\s*[:：;；.．、]|^\s*[※★*]\s*\S|^\s*注\d|"
    r"^\s*(本表|此表|以上(数据|内容|诉求|信息)|\(?以下空白|（以下空白)",
    re.IGNORECASE,
)
_NOTE_LABEL = re.compile(r"^\s*(填表说明|填写说明|说明|备注|注)\s*[:：]\s*$")
_SIGNED = re.compile(
    r"^\s*[(（]?(填\s*表\s*人|填\s*报\s*人|填\s*报\s*单\s*位|填\s*表\s*单\s*位|制\s*表\s*人|制\s*表|"
    r"审\s*核\s*人|审\s*核|复\s*核\s*人?|审\s*批\s*人?|批\s*准\s*人?|经\s*办\s*人|记\s*录\s*人|"
    r"调\s*查\s*员|调\s*查\s*人|访\s*谈\s*人|走\s*访\s*人|整\s*理\s*人|汇\s*总\s*人|统\s*计\s*人|"
    r"单\s*位\s*负\s*责\s*人|负\s*责\s*人|分\s*管\s*领\s*导|领\s*导\s*签\s*字|签\s*字|签\s*名|签\s*章|"
    r"盖\s*章|公\s*章|日\s*期|填\s*表\s*日\s*期|填\s*报\s*日\s*期|填\s*报\s*时\s*间|填\s*表\s*时\s*间|"
    r"联\s*系\s*电\s*话|联\s*系\s*人|电\s*话|单\s*位)\s*([(（](签字|签名|签章|盖章|公章)[)）])?\s*"
)
_SIGNED_COLON = re.compile(_SIGNED.pattern + r"[:：_]")
_SIGNED_ALONE = re.compile(_SIGNED.pattern + r"[)）]?$")
_SIGNER = re.compile(r"^\s*(填|制|审|复|经|记|单|盖|签|汇|统|整|调|走|访)")
_TOTAL = re.compile(
    r"^.{0,14}(小\s*计|合\s*计|总\s*计|共\s*计|累\s*计|总\s*数)[:：]?\s*\d*\s*[条人次件户份个项]*\s*$|"
    r"^(共|计)\s*\d+\s*[条人次件户份个项]+\s*$|^(sub\s*)?total\s*[:：]?\s*\d*\s*$|^grand total$",
    re.IGNORECASE,
)
_COUNT = re.compile(r"^[\d\s.,，%条人次件户份个项元]*$")
_SURE_LENGTH = 20


def data_rows(
    sheet: Sheet, layout: Layout, main: str
) -> Iterator[tuple[int, list[Cell], str | None]]:
    """Every filled row below the headings: its number, its cells, and why it is no data (or None).

    `main` is the field that makes a row a row of data. Cost: one pass.
    """
    column = layout.columns[main]
    mapped = set(layout.columns.values())
    heading = {at: fold_heading(layout.headings[name]) for name, at in layout.columns.items()}
    last = _last_spoken(sheet, layout)
    for at in range(layout.first, len(sheet.rows)):
        row = sheet.rows[at]
        if not row:
            continue
        cells = [cell for cell in row if cell is not None]
        bands = sheet.bands.get(at, ())
        own = row[column] if column < len(row) else None
        if isinstance(own, str) and len(own) > _SURE_LENGTH and len(cells) > 1 and not bands:
            yield at + 1, row, "heading" if own == layout.headings[main] else None
            continue
        why = _why(row, cells, own, heading)
        if why is None and bands:
            if len(set(cells)) == 1 and _across(bands, column, mapped):
                why = "note" if _NOTE.match(str(cells[0])) else "section"
            else:
                row = _unfilled(row, bands)
        if why is None and at >= last and _only_number(row, layout):
            why = "number"
        if why is None and at == layout.first and _numbering(cells):
            why = "numbering"
        yield at + 1, row, why


def plain_rows(
    sheet: Sheet, layout: Layout, main: str
) -> Iterator[tuple[int, list[Cell], str | None]]:
    """As `data_rows`, for a table without any junk: every filled row is data."""
    for at in range(layout.first, len(sheet.rows)):
        if sheet.rows[at]:
            yield at + 1, sheet.rows[at], None


def _why(row: list[Cell], cells: Sequence[Cell], own: Cell, heading: dict[int, str]) -> str | None:
    if _is_heading(row, heading):
        return "heading"
    if len(set(cells)) == 1 and isinstance(cells[0], str) and _NOTE.match(cells[0]):
        return "note"
    if len(cells) == 2 and isinstance(cells[0], str) and _NOTE_LABEL.match(cells[0]):
        return "note"
    if _signed(cells):
        return "signature"
    if any(isinstance(cell, str) and _TOTAL.match(cell) for cell in cells) and _countlike(own):
        return "total"
    return None


def _is_heading(row: list[Cell], heading: dict[int, str]) -> bool:
    same = other = 0
    for at, words in heading.items():
        cell = row[at] if at < len(row) else None
        if isinstance(cell, str) and len(cell) <= 60 and fold_heading(cell) == words:
            same += 1
        elif cell is not None:
            other += 1
    return same > other and (same >= 2 or same == len(heading))


def _signed(cells: Sequence[Cell]) -> bool:
    """填表人：李四 | 审核：王五 | 日期：…, also with the names in cells of their own."""
    first = cells[0]
    if not isinstance(first, str) or not _SIGNED.match(first):
        return False
    labelled = False
    sure = False
    for cell in cells:
        word = cell if isinstance(cell, str) else ""
        if _SIGNED_COLON.match(word) or (_SIGNED_ALONE.match(word) and _SIGNER.match(word)):
            labelled = True
            sure = sure or bool(_SIGNED_COLON.match(word)) or bool(_SIGNER.match(word))
        elif _SIGNED_ALONE.match(word) and sure:
            labelled = True
        elif labelled and (isinstance(cell, date) or len(str(cell)) <= 12):
            labelled = False
        else:
            return False
    return sure


def _countlike(own: Cell) -> bool:
    if own is None or isinstance(own, int | float):
        return True
    return isinstance(own, str) and bool(_COUNT.match(own) or _TOTAL.match(own))


def _across(bands: list[tuple[int, int]] | tuple[()], column: int, mapped: set[int]) -> bool:
    """One merged cell covers the main column and another mapped one."""
    return any(
        left <= column <= right and any(left <= at <= right for at in mapped - {column})
        for left, right in bands
    )


def _unfilled(row: list[Cell], bands: list[tuple[int, int]] | tuple[()]) -> list[Cell]:
    """In a row of data a wide cell belongs to its first column only."""
    own = list(row)
    for left, right in bands:
        for at in range(left + 1, min(right + 1, len(own))):
            own[at] = None
    return own


def _numbering(cells: Sequence[Cell]) -> bool:
    """The row 1 2 3 4 (or 甲 乙 1 2) that some forms print below their headings."""
    words = [str(cell).strip("()（） ") for cell in cells]
    if len(words) < 3:
        return False
    plain = [str(number) for number in range(1, len(words) + 1)]
    letters = [word for word in words if word in "甲乙丙丁戊己"]
    rest = words[len(letters) :]
    return words == plain or bool(letters) and rest == plain[: len(rest)]


def _only_number(row: list[Cell], layout: Layout) -> bool:
    """Nothing but a running number: a line of the form nobody has filled in."""
    at = layout.columns.get("id")
    filled = [index for index, cell in enumerate(row) if cell is not None]
    return filled == [at] and str(row[filled[0]]).strip().isdecimal()


def _last_spoken(sheet: Sheet, layout: Layout) -> int:
    """The index behind the last row that holds more than a running number."""
    for at in range(len(sheet.rows) - 1, layout.first - 1, -1):
        if sheet.rows[at] and not _only_number(sheet.rows[at], layout):
            row = [cell for cell in sheet.rows[at] if cell is not None]
            if not _signed(row) and not any(
                isinstance(cell, str) and (_TOTAL.match(cell) or _NOTE.match(cell)) for cell in row
            ):
                return at + 1
    return layout.first
