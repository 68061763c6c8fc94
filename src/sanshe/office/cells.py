"""One row while it is read: each cell becomes a typed value or one error of that row."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from sanshe.engine.gazetteer import AmbiguousPlace, Gazetteer, Place, UnknownPlace
from sanshe.office.codes import CodeList, split_words
from sanshe.office.dates import AmbiguousDate, BadDate, no_date, read_date
from sanshe.office.headings import Wanted
from sanshe.office.layout import Layout
from sanshe.office.rows import Reason, RowError, RowWarning
from sanshe.office.tables import Cell

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b\u200e\u200f\u202a-\u202e\ufffe]"
)
_LONGEST_PLACE = 80
_EMPTY = re.compile(r"[-—–―~_/\\.。·*\s]*|无|空|暂无")
_CODE = re.compile(r"\d{12}")


class Row:
    """The cells of one row under their headings, and what is wrong with them so far."""

    __slots__ = ("cells", "errors", "layout", "number", "sheet", "wanted", "warnings")

    def __init__(
        self, sheet: str, number: int, cells: list[Cell], layout: Layout, wanted: Wanted
    ) -> None:
        self.sheet = sheet
        self.number = number
        self.cells = cells
        self.layout = layout
        self.wanted = wanted
        self.errors: list[RowError] = []
        self.warnings: list[RowWarning] = []

    def cell(self, field: str) -> Cell:
        """The raw cell under a field, None where there is no such column."""
        at = self.layout.columns.get(field)
        return self.cells[at] if at is not None and at < len(self.cells) else None

    def words(self, field: str) -> str:
        """The cell as text, word for word but for invisible characters and its edges."""
        return as_text(self.cell(field))

    def named(self, field: str) -> str:
        """The cell as text, where a dash or 无 stands for nothing."""
        words = self.words(field)
        return "" if _EMPTY.fullmatch(words) else words

    def fail(self, field: str, reason: Reason, message: str) -> None:
        """Note an error of this row."""
        self.errors.append(RowError(self.sheet, self.number, self._heading(field), reason, message))

    def warn(self, field: str, message: str) -> None:
        """Note something the office should know."""
        self.warnings.append(RowWarning(self.sheet, self.number, self._heading(field), message))

    def day(self, field: str, year: int | None) -> date | None:
        """The date of a cell, None where it is empty or wrong."""
        cell = self.cell(field)
        if no_date(cell):
            return None
        try:
            return read_date(cell, year=year)
        except BadDate as error:
            self.fail(field, "bad_date", error.message)
        except AmbiguousDate as error:
            self.fail(field, "ambiguous_date", error.message)
        return None

    def whole(self, field: str, *, least: int = 0, most: int = 10**12) -> int | None:
        """A whole number from `least` to `most`; None where it is empty or wrong."""
        number = self.number_of(field)
        if number is None:
            return None
        if number > most:
            self.fail(field, "bad_value", f"“{self.words(field)[:30]}”太大，最多 {most}")
            return None
        if number != number.to_integral_value() or number < least:
            self.fail(field, "bad_value", f"“{self.words(field)[:30]}”应是不小于 {least} 的整数")
            return None
        return int(number)

    def number_of(self, field: str) -> Decimal | None:
        """A number, None where it is empty or none."""
        words = self.words(field)
        if not words:
            return None
        try:
            number = Decimal(words.replace(",", "").replace("，", "").strip("¥￥元人名个户次 "))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.fail(field, "bad_value", f"“{words[:30]}”不是数字")
            return None
        return number

    def code(self, field: str, codes: CodeList, what: str) -> str:
        """One code of a list; "" where the cell is empty or wrong."""
        said = self.named(field)
        if not said:
            return ""
        code = codes.code(said)
        if code is None:
            known = "、".join(list(codes.labels.values())[:8])
            self.fail(field, "bad_value", f"“{said[:30]}”不是已知的{what}，可用：{known}…")
        return code or ""

    def codes(self, field: str, codes: CodeList, what: str) -> tuple[str, ...]:
        """Several codes of a list in one cell; a word with its own separator counts as a whole."""
        said = self.named(field)
        if not said:
            return ()
        if whole := codes.code(said):
            return (whole,)
        found: list[str] = []
        for word in split_words(said):
            code = codes.code(word)
            if code is None:
                known = "、".join(list(codes.labels.values())[:8])
                self.fail(field, "bad_value", f"“{word[:30]}”不是已知的{what}，可用：{known}…")
            else:
                found.append(code)
        return tuple(dict.fromkeys(found))

    def leaves(self, field: str, leaves: Mapping[str, str]) -> tuple[str, ...]:
        """The need types of a cell, by code or name; at least one."""
        said = self.named(field)
        if not said:
            self.fail(field, "bad_value", "没有写需求类型")
            return ()
        if said in leaves:
            return (leaves[said],)
        found: list[str] = []
        for word in split_words(said):
            code = leaves.get(word) or leaves.get(word.upper())
            if code is None:
                self.fail(field, "bad_value", f"“{word[:30]}”不是已知的需求类型或代码")
            else:
                found.append(code)
        return tuple(dict.fromkeys(found))

    def community(self, field: str, find: "Finder", default: str, *, needed: bool) -> str:
        """The 12-digit code of the community a cell names; `default` where it is empty."""
        cell = self.cell(field)
        said = self.named(field)
        if not said:
            if not default and needed:
                self.fail(field, "missing_community", "没有写社区")
            return default
        place, reason, message = find(cell if isinstance(cell, int | float) else said)
        if place is None:
            self.fail(field, reason, message)
            return ""
        if message:
            self.warn(field, message)
        return place

    def _heading(self, field: str) -> str:
        return self.layout.heading(field, self.wanted.labels.get(field, field))


Finder = Callable[[str | int | float], tuple[str | None, Reason, str]]


def as_text(cell: Cell) -> str:
    """A cell as text; whole numbers without a point, dates as 2026-03-01."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        words = cell.replace("\r\n", "\n").replace("\r", "\n")
        words = _CONTROL.sub("", words).strip()
        return words[1:] if words[:1] == "'" and words[1:2] in tuple("=+-@'") else words
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


def finder(gazetteer: Gazetteer | None, *, strict: bool = True) -> Finder:
    """A memo over `gazetteer.resolve`: code, or the reason and message of the error.

    Not strict: a 12-digit code that is not in the gazetteer is taken as it is, with a warning,
    because it may lie in another county.
    """
    known: dict[str | int | float, tuple[str | None, Reason, str]] = {}

    def find(said: str | int | float) -> tuple[str | None, Reason, str]:
        if isinstance(said, str) and len(said) > _LONGEST_PLACE:
            return None, "unknown_community", f"“{said[:20]}…”不是社区，请写 12 位代码或全称"
        if said not in known:
            known[said] = _find(gazetteer, said, strict)
        return known[said]

    return find


def _find(
    gazetteer: Gazetteer | None, said: str | int | float, strict: bool
) -> tuple[str | None, Reason, str]:
    shown = as_text(said)[:40]
    if gazetteer is None:
        return (shown, "bad_value", "") if shown else (None, "missing_community", "没有写社区")
    try:
        return gazetteer.resolve(said).code, "bad_value", ""
    except AmbiguousPlace as error:
        names = "、".join(_whole_name(place) for place in error.candidates[:4])
        return None, "ambiguous_community", f"“{shown}”可能是{names}，请写明一个"
    except UnknownPlace as error:
        code = as_text(int(said) if isinstance(said, float) and said.is_integer() else said)
        if not strict and _CODE.fullmatch(code) and not code.endswith("000"):
            return code, "bad_value", f"社区代码 {code} 不在本地区划表中，按原样使用"
        near = "、".join(_whole_name(place) for place in error.near)
        hint = f"，是否指{near}" if near else ""
        return None, "unknown_community", f"找不到社区“{shown}”{hint}；请写 12 位代码或全称"


def _whole_name(place: Place) -> str:
    return f"{place.town_name}{place.short_name}（{place.code}）"
