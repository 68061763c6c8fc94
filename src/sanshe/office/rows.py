"""What every reader of rows hands back besides its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Reason = Literal[
    "missing_text",
    "missing_community",
    "unknown_community",
    "ambiguous_community",
    "bad_date",
    "ambiguous_date",
    "duplicate_row",
    "bad_value",
]
SheetStatus = Literal["read", "hidden", "cover", "empty", "no_column"]


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one row was left out; `row` as the office counts it, `column` as the file heads it."""

    sheet: str
    row: int
    column: str
    reason: Reason
    message: str


@dataclass(frozen=True, slots=True)
class RowWarning:
    """Something the office should know though nothing was left out; row 0 is the whole sheet."""

    sheet: str
    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class SheetNote:
    """What became of one sheet: its heading row (0: none) and the rows that are not data."""

    name: str
    status: SheetStatus
    header_row: int = 0
    rows: int = 0
    skipped: tuple[tuple[int, str], ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
