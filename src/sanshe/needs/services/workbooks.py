"""What a workbook holds for one study: rows to store, rows with problems, columns to choose."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanshe.core.errors import BadEntry
from sanshe.core.masking import masked
from sanshe.engine.normalize import hide, normalize
from sanshe.needs.models import ColumnMemory, Informant, Method, Study
from sanshe.needs.services.interviews import Heard
from sanshe.needs.services.masking import Masked, mask
from sanshe.office.errors import OfficeError
from sanshe.office.headings import WANTED, fold_heading
from sanshe.office.layout import headings_found
from sanshe.office.rows import RowError, RowWarning, SheetNote
from sanshe.office.statements import StatementRow, StatementTable, read_statements
from sanshe.office.tables import Book, Cell, Sheet
from sanshe.places.selectors import gazetteer

#: The fields of a statement that a column can hold.
FIELDS = ("text", "informant", "date", "method", "community_code", "id")
#: Stands in a mapping for a column that is not to be read.
UNUSED = "-"
_PREVIEW_ROWS = 10
_SAMPLES = 3
_SHOWN = 60
#: How far down the reader looks for headings.
_SEARCH_ROWS = 60


@dataclass(frozen=True)
class Column:
    """One heading of the workbook, what it was taken for, and what stands below it (masked)."""

    heading: str
    field: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A workbook as one study understands it; `refusal` where no sheet could be read."""

    rows: list[tuple[Heard, Masked]]
    problems: list[RowError]
    warnings: list[RowWarning]
    columns: list[Column]
    sheets: list[SheetNote] = field(default_factory=list)
    mapping: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""


@dataclass(frozen=True)
class Choices:
    """What people decided about a workbook before it is read.

    `mapping` goes from field to heading, or to UNUSED; the other two fill empty cells.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    informant: str = Informant.OTHER
    method: str = Method.INTV


def sentence(error: OfficeError) -> str:
    """Why a file is refused, in the language of the page."""
    return error.message_en if (get_language() or "").startswith("en") else error.message


def read_workbook(book: Book, study: Study, choices: Choices) -> Reading:
    """Understand a workbook; a file without a statement column comes back with its refusal,
    so that people can point at the column."""
    said = {name: heading for name, heading in choices.mapping.items() if heading}
    chosen = {name: heading for name, heading in said.items() if heading != UNUSED}
    shut = _without(book, [name for name, heading in said.items() if heading == UNUSED])
    try:
        table = read_statements(
            shut,
            gazetteer=gazetteer(study.community_id[:6]),
            community=study.community_id,
            year=_year(study),
            mapping=chosen,
        )
    except OfficeError as error:
        if error.code not in {"no_column", "bad_mapping"}:
            raise BadEntry(sentence(error)) from error
        return Reading([], [], [], _columns(book, {}), refusal=sentence(error))
    rows, outside = _rows(table, study, choices)
    order = {sheet.name: at for at, sheet in enumerate(book.sheets)}
    return Reading(
        rows=rows,
        problems=sorted(
            [*table.errors, *outside], key=lambda error: (order[error.sheet], error.row)
        ),
        warnings=table.warnings,
        columns=_columns(book, {note.name: note for note in table.sheets}),
        sheets=table.sheets,
        mapping=table.mapping,
    )


def remembered(book: Book, study: Study) -> dict[str, str]:
    """Field to heading, from what this organisation chose before for headings of this file."""
    known = {
        fold_heading(memory.heading): memory.field
        for memory in ColumnMemory.objects.filter(organization=study.organization_id)
    }
    found: dict[str, str] = {}
    for column in _columns(book, {}) if known else ():
        name = known.get(fold_heading(column.heading))
        if name:
            found.setdefault(name, column.heading)
    return found


def preview_of(reading: Reading) -> dict[str, Any]:
    """What the preview page shows, masked, small enough to keep in the database."""
    informants = dict(Informant.choices)
    methods = dict(Method.choices)
    return {
        "sheets": [
            {
                "name": masked(note.name, quietly=True),
                "status": note.status,
                "rows": note.rows,
                "skipped": len(note.skipped),
            }
            for note in reading.sheets
        ],  # fmt: skip
        "refusal": masked(reading.refusal, quietly=True),
        "columns": [
            {"heading": c.heading, "field": c.field, "samples": list(c.samples)}
            for c in reading.columns
        ],
        "rows": [
            {
                "sheet": masked(row.sheet, quietly=True),
                "row": row.row,
                "text": words.text,
                "informant": str(informants.get(row.informant, row.informant)),
                "method": str(methods.get(row.method, row.method)),
                "date": row.held_on.isoformat() if row.held_on else "",
            }
            for row, words in reading.rows[:_PREVIEW_ROWS]
        ],
        "masked": sum(words.original is not None for _row, words in reading.rows),
        "without_date": sum(row.held_on is None for row, _words in reading.rows),
    }


def _rows(
    table: StatementTable, study: Study, choices: Choices
) -> tuple[list[tuple[Heard, Masked]], list[RowError]]:
    """The rows of this study's community, masked, and the others as problems."""
    good: list[tuple[Heard, Masked]] = []
    problems: list[RowError] = []
    today = timezone.localdate()
    for row in table.rows:
        try:
            _check(row, study, today)
            words = mask(row.text)
        except _Unfit as error:
            column = table.mapping.get(error.field, "")
            problems.append(RowError(row.sheet, row.row, column, "bad_value", str(error.message)))
        except BadEntry as error:
            column = table.mapping.get("text", "")
            problems.append(RowError(row.sheet, row.row, column, "bad_value", str(error.message)))
        else:
            heard = Heard(
                text=row.text,
                informant=row.informant or choices.informant,
                method=row.method or choices.method,
                held_on=row.date,
                community_code=row.community_code,
                sheet=row.sheet,
                row=row.row,
            )
            good.append((heard, words))
    return good, problems


class _Unfit(BadEntry):
    """A row that is well written but not for this study; `field` says which cell."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _check(row: StatementRow, study: Study, today: date) -> None:
    if row.community_code and not row.community_code.startswith(study.community.prefix):
        message = _("这一行属于其他社区，本次调研只做%(community)s；请导入到那个社区的调研。")
        raise _Unfit("community_code", message % {"community": study.community})
    if row.date and row.date > today:
        message = _("日期 %(date)s 在今天之后，请检查。")
        raise _Unfit("date", message % {"date": row.date.isoformat()})


def _year(study: Study) -> int | None:
    """The year of a date written without one: the study's, where it lies in a single year."""
    last = study.ends_on or max(study.starts_on, timezone.localdate())
    return study.starts_on.year if last.year == study.starts_on.year else None


def _columns(book: Book, notes: Mapping[str, SheetNote]) -> list[Column]:
    """Every heading of the visible sheets once, with what it was taken for.

    `notes` says where the headings are; without it the likeliest row of each sheet is taken.
    """
    columns: dict[str, Column] = {}
    for sheet in book.sheets:
        note = notes.get(sheet.name)
        if sheet.hidden or not sheet.rows or (notes and (note is None or not note.header_row)):
            continue
        fields = {heading: name for name, heading in note.mapping.items()} if note else {}
        header = note.header_row if note else _likely_header(sheet)
        for at, cell in enumerate(sheet.rows[header - 1]):
            shown = " ".join(cell.split()) if isinstance(cell, str) else ""
            # A row of data taken for headings: what is about a person heads no column.
            if not shown or shown in columns or len(shown) > _SHOWN or hide(shown).masked:
                continue
            below = sheet.rows[header : header + _SEARCH_ROWS]
            samples = [str(row[at]) for row in below if at < len(row) and row[at] is not None]
            cleaned = tuple(normalize(sample).text[:_SHOWN] for sample in samples[:_SAMPLES])
            columns[shown] = Column(shown, fields.get(shown, ""), cleaned)
    return list(columns.values())


def _likely_header(sheet: Sheet) -> int:
    """The number of the row that looks most like headings."""
    found = set(headings_found(sheet))
    rows = sheet.rows[:_SEARCH_ROWS]
    hits = [sum(isinstance(c, str) and " ".join(c.split()) in found for c in row) for row in rows]
    return hits.index(max(hits)) + 1


def _without(book: Book, fields: list[str]) -> Book:
    """The book with the headings of these fields made unreadable, so that nobody guesses them."""
    if not fields:
        return book
    wanted = WANTED["statements"]

    def shut(cell: Cell) -> Cell:
        found = wanted.field(cell)
        return f"{cell}（不导入）列" if found and found[0] in fields else cell

    return replace(
        book,
        sheets=[
            replace(
                sheet,
                rows=[[shut(cell) for cell in row] for row in sheet.rows[:_SEARCH_ROWS]]
                + sheet.rows[_SEARCH_ROWS:],
            )
            for sheet in book.sheets
        ],
    )
