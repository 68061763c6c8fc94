"""A grid of cells while it is read: trimmed, bounded, and filled where cells are merged."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sanshe.office import limits
from sanshe.office.limits import Refused

Plain = str | int | float | bool | date | datetime | None
Range = tuple[int, int, int, int]


@dataclass
class Grid:
    """One table under construction; row and column numbers start at 0.

    `bands[row]` lists (first, last) columns of horizontally merged cells. Where nothing is merged
    the rows may come as a stream, so that a long table is never held here as a whole.
    """

    name: str
    hidden: bool = False
    rows: list[list[Plain]] = field(default_factory=list)
    stream: Iterator[list[Plain]] | None = None
    bands: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Meter:
    """Counts what one file holds and refuses what goes over the limits."""

    def __init__(self) -> None:
        self.cells = 0
        self.chars = 0
        self.rows = 0

    def take(self, row: Sequence[object]) -> list[Plain]:
        """One row as plain cells, empty ones at its end left out."""
        end = len(row)
        while end and blank(row[end - 1]):
            end -= 1
        if end > limits.MAX_COLUMNS:
            raise Refused("too_big", f" {end} 列", f"{end} columns")
        cells = [plain(cell) for cell in row[:end]]
        for cell in cells:
            if cell is not None:
                self.cells += 1
                if isinstance(cell, str):
                    self.chars += len(cell)
        if end:
            self.rows += 1
        if self.rows > limits.MAX_ROWS:
            raise Refused("too_big", "超过 100 万行", "more than a million rows")
        if self.cells > limits.MAX_CELLS or self.chars > limits.MAX_CHARS:
            raise Refused("too_big", "过多的内容", "too much content")
        return cells


def blank(cell: object) -> bool:
    """Nothing to see in this cell."""
    return cell is None or cell == "" or (isinstance(cell, str) and not cell.strip())


def plain(cell: object) -> Plain:
    """A reader's cell as one of the few kinds the rest of the program knows."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if cell is None or isinstance(cell, bool | int | datetime | date):
        return cell
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return None
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    return str(cell)


def trim(grid: Grid) -> None:
    """Drop the empty rows at the end."""
    while grid.rows and not grid.rows[-1]:
        grid.rows.pop()


def fill_merged(grid: Grid, ranges: Iterable[Range]) -> None:
    """Give every cell of a merged range its value, in rows that say something themselves.

    A row that holds nothing but the lower part of merged cells stays empty: it is a tall row of
    the layout, not a row of the table. Cost: cells filled, at most MAX_MERGED_CELLS.
    """
    height = len(grid.rows)
    width = max((len(row) for row in grid.rows), default=0)
    own = [bool(row) for row in grid.rows]
    filled = 0
    for top, left, bottom, right in ranges:
        bottom, right = min(bottom, height - 1), min(right, width - 1)
        if top > bottom or left > right:
            continue
        value = grid.rows[top][left] if left < len(grid.rows[top]) else None
        for at in range(top, bottom + 1):
            if right > left:
                grid.bands.setdefault(at, []).append((left, right))
            filled += right - left + 1
            if filled > limits.MAX_MERGED_CELLS:
                raise Refused("too_big", "过多的合并单元格", "too many merged cells")
            if value is not None and own[at]:
                _fill(grid.rows[at], left, right, value)
    trim(grid)


def _fill(row: list[Plain], left: int, right: int, value: Plain) -> None:
    row.extend([None] * (right + 1 - len(row)))
    for at in range(left, right + 1):
        if row[at] is None:
            row[at] = value
    while row and row[-1] is None:
        row.pop()
