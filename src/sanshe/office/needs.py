"""NEEDS: what `match` is asked to answer.

Rules decided here beyond the contract:
- Required columns: leaf codes and community. A repeated id is `duplicate_row`.
- Without a cell, people is 1, priority is 0 and the band follows the priority (A ≥ 0.75, B ≥ 0.55,
  C ≥ 0.35, else D). A priority outside 0..1 is `bad_value`; 85 is never taken for 0.85.
- A 12-digit community code outside the gazetteer is taken as it is, with a warning: `match` also
  serves other counties. Names must be known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sanshe.engine.gazetteer import Gazetteer, PlaceError
from sanshe.office.cells import Finder, Row, finder
from sanshe.office.codes import BANDS, LANGUAGES, TARGET_GROUPS
from sanshe.office.errors import refusal
from sanshe.office.reading import Source
from sanshe.office.rows import RowError, RowWarning, SheetNote
from sanshe.office.tables import Book

_BAND_FROM = ((0.75, "A"), (0.55, "B"), (0.35, "C"))


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One need; `target_group` "" and empty `languages` mean none named; priority is 0..1."""

    id: str
    sheet: str
    row: int
    leaf_codes: tuple[str, ...]
    community_code: str
    people: int
    priority: float
    band: str
    target_group: str
    languages: tuple[str, ...]
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class NeedTable:
    """The good needs of a file and its bad rows."""

    rows: list[NeedRow]
    errors: list[RowError]
    warnings: list[RowWarning]
    sheets: list[SheetNote]
    mapping: Mapping[str, str]


def read_needs(
    path: Path | str | Book,
    *,
    leaves: Mapping[str, str],
    gazetteer: Gazetteer | None = None,
    community: str | None = None,
    year: int | None = None,
    mapping: Mapping[str, str] | None = None,
) -> NeedTable:
    """Read the needs of a file.

    Args:
        leaves: need type by code and by name, in whatever spellings are accepted.
        gazetteer: resolves names; without it the community column is taken as it is.
        community: code or name for rows whose community is empty.
        year: the year of dates written without one.

    Raises:
        OfficeError: the file is refused whole.
    """
    default = ""
    if community:
        try:
            default = gazetteer.resolve(community).code if gazetteer else community
        except PlaceError as error:
            raise refusal("bad_community", "", detail=community) from error
    required = ["leaf_codes"] if default else ["leaf_codes", "community_code"]
    source = Source(path, "needs", required, mapping)
    find = finder(gazetteer, strict=False)
    rows: dict[str, NeedRow] = {}
    count = 0
    for part in source.parts:
        for row in source.rows(part):
            count += 1
            need = _need(row, f"N{count}", leaves, find, default, year)
            if need.id in rows:
                before = rows[need.id].row
                row.fail("id", "duplicate_row", f"编号“{need.id}”与第 {before} 行重复")
            if source.findings.close(row):
                rows[need.id] = need
    findings = source.finish()
    if not rows and not findings.errors:
        raise refusal("no_rows", source.book.name)
    return NeedTable(
        list(rows.values()), findings.errors, findings.warnings, findings.notes, source.mapping
    )


def _need(
    row: Row,
    number: str,
    leaves: Mapping[str, str],
    find: Finder,
    default: str,
    year: int | None,
) -> NeedRow:
    start, end = row.day("from", year), row.day("to", year)
    if start and end and start > end:
        row.fail("to", "bad_date", f"结束日期 {end} 早于开始日期 {start}")
    priority = _priority(row)
    people = row.whole("people")
    group = row.code("target_group", TARGET_GROUPS, "服务对象")
    languages = row.codes("languages", LANGUAGES, "语言")
    return NeedRow(
        id=row.words("id") or number,
        sheet=row.sheet,
        row=row.number,
        leaf_codes=row.leaves("leaf_codes", leaves),
        community_code=row.community("community_code", find, default, needed=True),
        people=1 if people is None else people,
        priority=priority,
        band=row.code("band", BANDS, "档次") or band_of(priority),
        target_group="" if group == "all" else group,
        languages=() if "all" in languages else languages,
        start=start,
        end=end,
    )


def band_of(priority: float) -> str:
    """The band a priority falls into (domain.md 2.3); P0 is never derived."""
    return next((band for least, band in _BAND_FROM if priority >= least), "D")


def _priority(row: Row) -> float:
    number = row.number_of("priority")
    if number is None:
        return 0.0
    if not 0 <= number <= 1:
        row.fail("priority", "bad_value", f"“{row.words('priority')[:20]}”应在 0 到 1 之间")
        return 0.0
    return float(number)
