"""Where a sheet's table is: its heading row or rows, and which column is which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sanshe.office.headings import Wanted, fold_heading
from sanshe.office.tables import Cell, Sheet

_SEARCH_ROWS = 60
_SAMPLE_ROWS = 60
_LONGEST_HEADING = 60


@dataclass(frozen=True)
class Layout:
    """How one sheet is read; `first` is the index of the first row below the headings.

    `columns` maps a field to its column index, `headings` to the words above it; `unused` are
    columns that could also hold the statement; `width` counts the columns under headings.
    """

    first: int
    top: int
    columns: Mapping[str, int]
    headings: Mapping[str, str]
    unused: tuple[str, ...] = ()
    title: tuple[Cell, ...] = field(default=(), repr=False)
    width: int = 0

    def heading(self, name: str, label: str) -> str:
        """The office's own word for a field, or ours where the file has no such column."""
        return self.headings.get(name, label)


def find_layout(
    sheet: Sheet,
    wanted: Wanted,
    required: Sequence[str],
    mapping: Mapping[str, str] | None = None,
) -> Layout | None:
    """The heading rows that name the most fields, `required` among them; None if none do."""
    given = {fold_heading(heading): name for name, heading in (mapping or {}).items()}
    best: tuple[int, int, int] | None = None
    found: Layout | None = None
    for top in range(min(len(sheet.rows), _SEARCH_ROWS)):
        for depth in (1, 2):
            headings = _headings(sheet.rows, top, depth)
            if headings is None:
                continue
            columns, unused = _columns(headings, sheet, top + depth, wanted, given)
            if any(name not in columns for name in required):
                continue
            score = (len(columns), -depth, -top)
            if best is None or score > best:
                best = score
                found = Layout(
                    first=top + depth,
                    top=top,
                    columns=columns,
                    headings={name: _shown(headings[at]) for name, at in columns.items()},
                    unused=tuple(_shown(headings[at]) for at in unused),
                    title=_title(sheet, top),
                    width=len(headings),
                )
    return found


def headings_found(sheet: Sheet) -> list[str]:
    """What looks most like a heading row, for the message that refuses a file."""
    best: list[str] = []
    for row in sheet.rows[:_SEARCH_ROWS]:
        words = [_shown((cell, "")) for cell in row if isinstance(cell, str) and len(cell) <= 40]
        if len(set(words)) > len(set(best)):
            best = words
    return list(dict.fromkeys(best))[:20]


_Heading = tuple[Cell, str]


def _headings(rows: list[list[Cell]], top: int, depth: int) -> list[_Heading] | None:
    """Per column its lowest heading and the one above; None if these are no heading rows."""
    lot = rows[top : top + depth]
    if len(lot) < depth or not all(_heading_like(row) for row in lot):
        return None
    if depth == 1:
        return [(cell, "") for cell in lot[0]]
    width = max(len(row) for row in lot)
    upper, lower = (row + [None] * (width - len(row)) for row in lot)
    joined: list[_Heading] = []
    for above, below in zip(upper, lower, strict=True):
        if below is None or below == above:
            joined.append((above, ""))
        else:
            joined.append((below, above if isinstance(above, str) else ""))
    return joined


def _heading_like(row: list[Cell]) -> bool:
    cells = [cell for cell in row if cell is not None]
    if not cells or any(isinstance(cell, float | date) for cell in cells):
        return False
    words = [cell for cell in cells if isinstance(cell, str)]
    if len(words) * 2 <= len(cells):
        return False
    return sum(len(word) <= _LONGEST_HEADING for word in words) == len(words)


def _columns(
    headings: list[_Heading],
    sheet: Sheet,
    first: int,
    wanted: Wanted,
    given: Mapping[str, str],
) -> tuple[dict[str, int], list[int]]:
    ranked: dict[str, list[tuple[int, float, int]]] = {}
    for at, heading in enumerate(headings):
        if match := _field(heading, wanted, given):
            name, rank = match
            length = -_mean_length(sheet, first, at) if name == "text" else 0.0
            ranked.setdefault(name, []).append((rank, length, at))
    columns = {name: min(found)[2] for name, found in ranked.items()}
    extra = sorted(at for _, _, at in ranked.get("text", ()) if at != columns["text"])
    words = [heading[0] for heading in headings]
    unused = [at for at in extra if words[at] != words[columns["text"]]]
    return columns, unused


def _field(heading: _Heading, wanted: Wanted, given: Mapping[str, str]) -> tuple[str, int] | None:
    own, above = heading
    if isinstance(own, str) and fold_heading(own) in given:
        return (given[fold_heading(own)], -1)
    if above and isinstance(own, str):
        joined = above + own
        if wanted.denies(joined):
            return None
        if match := wanted.field(joined):
            return match
    match = wanted.field(own)
    return None if match and match[0] in given.values() else match


def _mean_length(sheet: Sheet, first: int, at: int) -> float:
    cells = [row[at] for row in sheet.rows[first : first + _SAMPLE_ROWS] if at < len(row)]
    lengths = [len(cell) for cell in cells if isinstance(cell, str)]
    return sum(lengths) / len(lengths) if lengths else 0.0


def _title(sheet: Sheet, top: int) -> tuple[Cell, ...]:
    """The cells above the headings and the words before the table, each once."""
    above = [cell for row in sheet.rows[:top] for cell in row if cell is not None]
    return tuple(dict.fromkeys([*above, *sheet.notes]))


def _shown(heading: _Heading) -> str:
    own, _ = heading
    return " ".join(str(own).split()) if own is not None else ""
