"""STATEMENTS: what residents said, one row each.

Rules decided here beyond the contract:
- A statement is kept word for word, also with line breaks or ①②: it is never split silently.
- Only numbers, dashes, 无 or a broken formula is no statement: `bad_value`. More than 2,000
  characters is not one statement either: `bad_value`, the office splits it.
- Two columns that could hold statements: the better heading wins, then the longer texts; the
  other one is named in a warning.
- `informant` is "" where nothing is said. A sheet named by an informant category, or by a
  community, gives it to its rows where the sheet has no such column.
- The year of 3月1日: `year`, else the one year that title, sheet name, cover and the full dates
  of the same sheet agree on, else the one year of the whole file, else `ambiguous_date`.
- Ids that repeat get -2, -3 … in the output; an exact repeat (all mapped columns equal, the id
  among them) is `duplicate_row` and points at the first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sanshe.engine.gazetteer import Gazetteer, PlaceError
from sanshe.office.cells import Finder, Row, finder
from sanshe.office.codes import INFORMANTS, METHODS
from sanshe.office.errors import refusal
from sanshe.office.hints import community_hint, informant_hint, year_hints
from sanshe.office.reading import Source
from sanshe.office.rows import RowError, RowWarning, SheetNote
from sanshe.office.tables import Book, Cell

LONGEST_TEXT = 2_000
_NOTHING = re.compile(
    r"[\W\d_]*|[\W_]*(无|没有|暂无|没|无意见|没意见|没有意见|暂无意见|无诉求|暂无诉求|无需求|"
    r"n/?a|none|null|nil|nan|tbd|同上)[\W_]*|第?[\d一二三四五六七八九十]+[条项号]?",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"#(REF|N/A|VALUE|NAME|DIV/0|NUM|NULL|SPILL|CALC)[!?]?")


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement; `informant` and `method` are codes ("" when not given)."""

    id: str
    sheet: str
    row: int
    text: str
    informant: str
    community_code: str
    date: date | None
    method: str


@dataclass(frozen=True, slots=True)
class StatementTable:
    """The good rows of a file, its bad ones, and how its columns were understood."""

    rows: list[StatementRow]
    errors: list[RowError]
    warnings: list[RowWarning]
    sheets: list[SheetNote]
    mapping: Mapping[str, str]


@dataclass(frozen=True)
class _Ground:
    """What holds for all rows of one sheet."""

    find: Finder
    community: str
    informant: str
    year: int | None


def read_statements(
    path: Path | str | Book,
    *,
    gazetteer: Gazetteer,
    community: str | None = None,
    year: int | None = None,
    forbid_repeats: bool = True,
    mapping: Mapping[str, str] | None = None,
) -> StatementTable:
    """Read the statements of a file.

    Args:
        community: code or name for rows whose community is empty, and for files without one.
        year: the year of dates written without one.
        forbid_repeats: make an exact repeat an error.
        mapping: field to heading, where the guess by headings is to be overruled.

    Raises:
        OfficeError: the file is refused whole.

    Cost: one pass, about 20 microseconds a row behind the reading of the file.
    """
    default = _default_community(community, gazetteer)
    source = Source(path, "statements", ["text"], mapping)
    find = finder(gazetteer)
    years = {} if year else year_hints(source)
    rows: list[StatementRow] = []
    for part in source.parts:
        ground = _Ground(
            find,
            default or community_hint(source, part, find),
            informant_hint(source, part),
            year or years.get(part.sheet.name),
        )
        for row in source.rows(part):
            statement = _statement(row, ground)
            if source.findings.close(row):
                rows.append(statement)
    if forbid_repeats:
        rows = _without_repeats(rows, source)
    findings = source.finish()
    if not rows and not findings.errors:
        raise refusal("no_rows", source.book.name)
    return StatementTable(
        _with_ids(rows), findings.errors, findings.warnings, findings.notes, source.mapping
    )


def _default_community(community: str | None, gazetteer: Gazetteer) -> str:
    if not community:
        return ""
    try:
        return gazetteer.resolve(community).code
    except PlaceError as error:
        raise refusal("bad_community", "", detail=community) from error


def _statement(row: Row, ground: _Ground) -> StatementRow:
    columns = row.layout.columns
    return StatementRow(
        id=row.words("id"),
        sheet=row.sheet,
        row=row.number,
        text=_text(row),
        informant=_informant(row) if "informant" in columns else ground.informant,
        community_code=(
            row.community("community_code", ground.find, ground.community, needed=True)
            if "community_code" in columns
            else ground.community
        ),
        date=row.day("date", ground.year),
        method=row.code("method", METHODS, "收集方式"),
    )


def _text(row: Row) -> str:
    cell: Cell = row.cell("text")
    words = row.words("text")
    if not words:
        row.fail("text", "missing_text", "这一行有其他内容，但没有写诉求")
    elif not isinstance(cell, str) or _BROKEN.match(words) or _NOTHING.fullmatch(words):
        row.fail("text", "bad_value", f"“{words[:30]}”不是一条诉求")
    elif len(words) > LONGEST_TEXT:
        size = len(words)
        row.fail("text", "bad_value", f"诉求有 {size} 字，超过 {LONGEST_TEXT} 字，请拆成几条")
    return words


def _informant(row: Row) -> str:
    said = row.named("informant")
    if not said:
        return ""
    if code := INFORMANTS.code(said):
        return code
    code = INFORMANTS.code_inside(said) or "other"
    row.warn("informant", f"“{said[:12]}”不在受访对象类别中，按“{INFORMANTS.label(code)}”记录")
    return code


def _without_repeats(rows: list[StatementRow], source: Source) -> list[StatementRow]:
    """Rows that say something for the first time; the others become errors."""
    first: dict[tuple[object, ...], StatementRow] = {}
    kept: list[StatementRow] = []
    heading = source.mapping.get("text", "")
    for row in rows:
        key = (row.id, row.text, row.informant, row.community_code, row.date, row.method)
        if (before := first.setdefault(key, row)) is row:
            kept.append(row)
            continue
        where = f"工作表“{before.sheet}”" if before.sheet != row.sheet else ""
        message = f"与{where}第 {before.row} 行完全相同"
        error = RowError(row.sheet, row.row, heading, "duplicate_row", message)
        source.findings.errors.append(error)
    return kept


def _with_ids(rows: list[StatementRow]) -> list[StatementRow]:
    """Every row with an id of its own; given ones stay, the second of a kind gets -2."""
    given = {row.id for row in rows if row.id}
    used: set[str] = set()
    times: dict[str, int] = {}
    named: list[StatementRow] = []
    for count, row in enumerate(rows, 1):
        stem = row.id or f"S{count}"
        name = stem
        while name in used or (name in given and name != row.id):
            times[stem] = times.get(stem, 1) + 1
            name = f"{stem}-{times[stem]}"
        used.add(name)
        named.append(row if name == row.id else _renamed(row, name))
    return named


def _renamed(row: StatementRow, name: str) -> StatementRow:
    return StatementRow(
        name,
        row.sheet,
        row.row,
        row.text,
        row.informant,
        row.community_code,
        row.date,
        row.method,
    )
