"""TEXTS (id, text, place, label) and LABELLED (text, label): plain tables for the engine.

Here a text may be anything that is not empty, and repeats are welcome: `plan` judges, these do
not. An empty text is `missing_text`, an empty label in LABELLED is `bad_value`. Ids that are not
given are T1, T2 …; repeated ids stay as they are, with one warning.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sanshe.office.cells import Row
from sanshe.office.errors import refusal
from sanshe.office.reading import Source
from sanshe.office.rows import RowError, RowWarning, SheetNote
from sanshe.office.tables import Book


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text to classify or to merge; place and label are "" when not given."""

    id: str
    row: int
    text: str
    place: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """One text and the label somebody gave it."""

    row: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class TextTable:
    """The texts of a file and the rows without one."""

    rows: list[TextRow]
    errors: list[RowError]
    warnings: list[RowWarning]
    sheets: list[SheetNote]


@dataclass(frozen=True, slots=True)
class LabelledTable:
    """The labelled texts of a file and the rows that lack one half."""

    rows: list[LabelledRow]
    errors: list[RowError]
    warnings: list[RowWarning]
    sheets: list[SheetNote]


def read_texts(path: Path | str | Book, *, mapping: Mapping[str, str] | None = None) -> TextTable:
    """Read texts to classify or merge; place and label are kept as they are written.

    Raises:
        OfficeError: the file is refused whole.

    Cost: about 10 microseconds a row.
    """
    source = Source(path, "texts", ["text"], mapping)
    rows: list[TextRow] = []
    known: set[str] = set()
    # Sheet → what is repeated there, in the order it was found.
    repeated: dict[str, dict[str, None]] = defaultdict(dict)
    for part in source.parts:
        for row in source.rows(part):
            text = _text(row)
            if source.findings.close(row):
                name = row.words("id") or f"T{len(rows) + 1}"
                if name in known:
                    repeated[part.sheet.name][name] = None
                known.add(name)
                place, label = row.words("place"), row.words("label")
                rows.append(TextRow(name, row.number, text, place, label))
    findings = source.finish()
    if not rows and not findings.errors:
        raise refusal("no_rows", source.book.name)
    for sheet, names in repeated.items():
        findings.warn_sheet(sheet, f"{len(names)} 个编号重复，如 {'、'.join(list(names)[:3])}")
    return TextTable(rows, findings.errors, findings.warnings, findings.notes)


def read_labelled(
    path: Path | str | Book, *, mapping: Mapping[str, str] | None = None
) -> LabelledTable:
    """Read texts with their labels, to learn from.

    Raises:
        OfficeError: the file is refused whole.
    """
    source = Source(path, "labelled", ["text", "label"], mapping)
    rows: list[LabelledRow] = []
    for part in source.parts:
        for row in source.rows(part):
            text, label = _text(row), row.words("label")
            if not label:
                row.fail("label", "bad_value", "没有写类别")
            if source.findings.close(row):
                rows.append(LabelledRow(row.number, text, label))
    findings = source.finish()
    if not rows and not findings.errors:
        raise refusal("no_rows", source.book.name)
    return LabelledTable(rows, findings.errors, findings.warnings, findings.notes)


def _text(row: Row) -> str:
    words = row.words("text")
    if not words:
        row.fail("text", "missing_text", "这一行没有写内容")
    return words
