"""OFFERS: what providers have to give.

Rules decided here beyond the contract:
- Required columns: leaf codes, and a title or an id. Without a capacity column every offer has
  one unit; an empty cell under one is `bad_value`, because nobody can tell 0 from many.
- An empty catchment, target group or language names no limit: (). 不限 and 全体居民 mean the same.
- A catchment may name towns, cities and units; padded codes become prefixes (350581001000 →
  350581001). What is not in the gazetteer but has 2, 4, 6, 9 or 12 digits is taken with a warning.
- Money is whole fen. A price in 元 is turned into fen; a heading 单价 without a unit means 元, with
  a warning. More than two decimals is `bad_value`.
- A kind outside the list becomes `other` with a warning; a target group or language outside its
  list is `bad_value`, because both decide who may be matched.
- An id that repeats is `duplicate_row`: matches point at offers by id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sanshe.engine.gazetteer import AmbiguousPlace, Gazetteer, UnknownPlace
from sanshe.office.cells import Row, as_text
from sanshe.office.codes import (
    LANGUAGES,
    OFFER_KINDS,
    TARGET_GROUPS,
    split_words,
    yes_or_no,
)
from sanshe.office.errors import refusal
from sanshe.office.reading import Source
from sanshe.office.rows import RowError, RowWarning, SheetNote
from sanshe.office.tables import Book

#: More units than any offer has; what is larger is a number of something else.
MOST_UNITS = 1_000_000
_EVERYWHERE = {"不限", "全市", "全域", "全部", "所有社区", "全市范围", "石狮市全市", "all"}
_PREFIX_LENGTHS = {2, 4, 6, 9, 12}


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer; empty tuples mean "no limit stated", money is whole fen.

    `catchment` holds codes or prefixes of 2, 4, 6, 9 or 12 digits.
    """

    id: str
    sheet: str
    row: int
    provider: str
    kind: str
    title: str
    leaf_codes: tuple[str, ...]
    target_groups: tuple[str, ...]
    capacity: int
    catchment: tuple[str, ...]
    languages: tuple[str, ...]
    unit_cost_fen: int | None
    valid_from: date | None
    valid_to: date | None
    minors_cleared: bool


@dataclass(frozen=True, slots=True)
class OfferTable:
    """The good offers of a file and its bad rows."""

    rows: list[OfferRow]
    errors: list[RowError]
    warnings: list[RowWarning]
    sheets: list[SheetNote]
    mapping: Mapping[str, str]


def read_offers(
    path: Path | str | Book,
    *,
    leaves: Mapping[str, str],
    gazetteer: Gazetteer | None = None,
    year: int | None = None,
    mapping: Mapping[str, str] | None = None,
) -> OfferTable:
    """Read the offers of a file.

    Args:
        leaves: need type by code and by name, in whatever spellings are accepted.
        gazetteer: resolves names in the catchment; without it only codes are accepted.
        year: the year of dates written without one.

    Raises:
        OfficeError: the file is refused whole.
    """
    source = Source(path, "offers", ["leaf_codes"], mapping)
    rows: dict[str, OfferRow] = {}
    count = 0
    for part in source.parts:
        _warn_columns(source, part.sheet.name, part.layout.columns)
        for row in source.rows(part):
            count += 1
            offer = _offer(row, f"O{count}", leaves, gazetteer, year)
            if offer.id in rows:
                before = rows[offer.id].row
                row.fail("id", "duplicate_row", f"编号“{offer.id}”与第 {before} 行重复")
            if source.findings.close(row):
                rows[offer.id] = offer
    findings = source.finish()
    if not rows and not findings.errors:
        raise refusal("no_rows", source.book.name)
    return OfferTable(
        list(rows.values()), findings.errors, findings.warnings, findings.notes, source.mapping
    )


def _warn_columns(source: Source, sheet: str, columns: Mapping[str, int]) -> None:
    if "capacity" not in columns:
        source.findings.warn_sheet(sheet, "没有容量列，每条资源按 1 计")
    if "unit_cost_unknown" in columns and not {"unit_cost_fen", "unit_cost_yuan"} & set(columns):
        source.findings.warn_sheet(sheet, "单价列没有写明单位，按元计")


def _offer(
    row: Row,
    number: str,
    leaves: Mapping[str, str],
    gazetteer: Gazetteer | None,
    year: int | None,
) -> OfferRow:
    start, end = row.day("valid_from", year), row.day("valid_to", year)
    if start and end and start > end:
        row.fail("valid_to", "bad_date", f"结束日期 {end} 早于开始日期 {start}")
    return OfferRow(
        id=row.words("id") or number,
        sheet=row.sheet,
        row=row.number,
        provider=row.words("provider"),
        kind=_kind(row),
        title=row.words("title"),
        leaf_codes=row.leaves("leaf_codes", leaves),
        target_groups=_without_all(row.codes("target_groups", TARGET_GROUPS, "服务对象")),
        capacity=_capacity(row),
        catchment=_catchment(row, gazetteer),
        languages=_without_all(row.codes("languages", LANGUAGES, "语言")),
        unit_cost_fen=_cost(row),
        valid_from=start,
        valid_to=end,
        minors_cleared=_minors_cleared(row),
    )


def _without_all(codes: tuple[str, ...]) -> tuple[str, ...]:
    return () if "all" in codes else codes


def _kind(row: Row) -> str:
    said = row.named("kind")
    if not said:
        return ""
    if code := OFFER_KINDS.code(said):
        return code
    row.warn("kind", f"“{said[:20]}”不在服务形式中，按“其他”记录")
    return "other"


def _capacity(row: Row) -> int:
    if "capacity" not in row.layout.columns:
        return 1
    if not row.words("capacity"):
        row.fail("capacity", "bad_value", "没有写容量，应是不小于 0 的整数")
    return row.whole("capacity", most=MOST_UNITS) or 0


def _cost(row: Row) -> int | None:
    if row.named("unit_cost_fen"):
        return row.whole("unit_cost_fen")
    for field in ("unit_cost_yuan", "unit_cost_unknown"):
        said = row.named(field)
        if said in ("免费", "公益", "无偿"):
            return 0
        if said and (yuan := row.number_of(field)) is not None:
            fen = yuan * 100
            if fen < 0 or fen != fen.to_integral_value() or fen > 10**12:
                row.fail(field, "bad_value", f"“{said[:30]}”应是不小于 0 的金额，最多两位小数")
                return None
            return int(fen)
    return None


def _minors_cleared(row: Row) -> bool:
    said = row.words("minors_cleared").strip("-—/ ")
    if not said:
        return False
    answer = yes_or_no(said)
    if answer is None:
        row.fail("minors_cleared", "bad_value", f"“{said[:20]}”应写“是”或“否”")
    return bool(answer)


def _catchment(row: Row, gazetteer: Gazetteer | None) -> tuple[str, ...]:
    cell = row.cell("catchment")
    said = as_text(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()
    if not said or said in _EVERYWHERE or not said.strip("-—/ "):
        return ()
    whole = _area(said, gazetteer)
    if isinstance(whole, str) and whole:
        return (whole,)
    found: list[str] = []
    for word in split_words(said):
        area = _area(word, gazetteer)
        if isinstance(area, AmbiguousPlace):
            names = "、".join(place.name for place in area.candidates[:4])
            row.fail("catchment", "ambiguous_community", f"“{word[:30]}”可能是{names}")
        elif area:
            found.append(area)
        elif word.isdecimal() and len(word) in _PREFIX_LENGTHS:
            found.append(word)
            if gazetteer is not None:
                row.warn("catchment", f"代码 {word} 不在本地区划表中，按原样使用")
        else:
            row.fail("catchment", "unknown_community", f"找不到“{word[:30]}”，请写代码或全称")
    return tuple(dict.fromkeys(found))


def _area(word: str, gazetteer: Gazetteer | None) -> str | AmbiguousPlace:
    """The code or prefix a word means, "" if none."""
    if gazetteer is None:
        return ""
    if word.isdecimal():
        place = gazetteer.get(word.ljust(12, "0")) if len(word) in _PREFIX_LENGTHS else None
        return prefix(place.code) if place else ""
    try:
        return prefix(gazetteer.division(word).code)
    except UnknownPlace:
        return ""
    except AmbiguousPlace as error:
        return error


def prefix(code: str) -> str:
    """A padded code without its padding: 350581001000 → 350581001, 350581000000 → 350581."""
    for length in (2, 4, 6, 9):
        if code.endswith("0" * (12 - length)):
            return code[:length]
    return code
