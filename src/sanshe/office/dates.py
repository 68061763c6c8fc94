"""Dates as offices write them, read as one real day or not at all.

Rules decided here (each has a test):
- Year first is plain: 2026-3-1, 2026/03/01, 2026.3.1, 2026年3月1日, 20260301, 二〇二六年三月一日; a
  time or weekday behind it is ignored. 26年3月1日 is 2026, because 年 leaves no second reading.
- Whole numbers 20000..80000 are Excel serial days. A cell holding the number 3.1 may have been
  3.1 or 3.10, so it is ambiguous.
- 3月1日 needs a year; so does 3/25. Without one it is ambiguous, not wrong.
- 3/4/2026, 3/4 and 03-04-26 are read every usual way (month first, day first, year first); one
  real day is taken, two are ambiguous, none is wrong.
- A stretch of days, a month without a day, a lunar day, a day that does not exist are wrong.
- Years outside 1950..2100 are wrong.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache

_LONGEST = 60
_FIRST_YEAR, _LAST_YEAR = 1950, 2100
_SERIAL_START = date(1899, 12, 30)
_BLANK = re.compile(r"[-—–―~_/\\.。·*\s]*")
_DIGITS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": "0", "○": "0", "◯": "0", "Ｏ": "0", "两": "2", "元": "1", "壹": "1", "贰": "2"}
_MONTH_NAMES = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_TAIL = (
    r"(?:\s*[(（]?(?:周|星期|礼拜)[一二三四五六日天\d][)）]?)?"
    r"(?:[\sT,]*(?:上午|下午|早上|晚上|中午|傍晚|凌晨|[AaPp][Mm])?\s*(?:\d{1,2}(?:[:：时点]\d{0,2}"
    r"(?:[:：分]\d{0,2}(?:\.\d+)?秒?)?)?\s*(?:[AaPp][Mm]|Z|[+-]\d\d:?\d\d)?)?)?"
)
_BETWEEN = r"\s*[-/.]\s*"
_YEAR_FIRST = re.compile(
    r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*[日号]?" + _TAIL
)
_SHORT_YEAR = re.compile(r"(\d{2})年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?" + _TAIL)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?" + _TAIL)
_THREE = re.compile(r"(\d{1,2})" + _BETWEEN + r"(\d{1,2})" + _BETWEEN + r"(\d{4}|\d{2})" + _TAIL)
_TWO = re.compile(r"(\d{1,2})" + _BETWEEN + r"(\d{1,2})")
_NAMED_FIRST = re.compile(r"([A-Za-z]{3,9})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(\d{4})")
_NAMED_SECOND = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{4})")
_CHINESE_NUMBER = re.compile(r"[〇零○◯一二三四五六七八九十廿卅两元]+(?=[年月日号])")
_RANGE = re.compile(r"[至到~～]|[日号]\s*[-—–]|\d\s*[—–]\s*\d|\d\s*-\s*\d+\s*[日号]|、")
_LUNAR = re.compile(r"农历|阴历|正月|腊月|初[一二三四五六七八九十]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*(?:年|[-/.]\s*\d{1,2}(?!\d))")


class DateError(ValueError):
    """A cell is not one day; `message` says why in Chinese.

    DateError
    ├── BadDate          no real day can be read
    └── AmbiguousDate    two days can, or the year is missing
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadDate(DateError):
    """No real day can be read from the cell."""


class AmbiguousDate(DateError):
    """More than one day can be read from the cell."""


def no_date(cell: object) -> bool:
    """The cell is empty, or only a dash that stands for empty."""
    return cell is None or (isinstance(cell, str) and bool(_BLANK.fullmatch(cell)))


def read_date(cell: object, *, year: int | None = None) -> date:
    """The one day a cell means; `year` completes dates written without one.

    Raises:
        BadDate: there is no such day, or the cell is not a date.
        AmbiguousDate: two days fit, or a year is missing.
    """
    if isinstance(cell, datetime):
        return _in_reach(cell.date(), cell)
    if isinstance(cell, date):
        return _in_reach(cell, cell)
    if isinstance(cell, bool) or cell is None:
        raise BadDate("不是日期")
    if isinstance(cell, int | float):
        return _from_number(float(cell))
    said = str(cell).strip()
    if len(said) > _LONGEST:
        raise BadDate(f"“{said[:30]}”不是日期")
    return _from_text(said, year)


def full_years(cell: object) -> set[int]:
    """The years a cell names beside a month, day or 年: the sources a bare 3月1日 may use."""
    if isinstance(cell, date):
        return {cell.year}
    if not isinstance(cell, str):
        return set()
    return {int(found) for found in _YEAR.findall(_arabic(cell))}


def _from_number(number: float) -> date:
    if 20_000 <= number < 80_000:
        return _SERIAL_START + timedelta(days=int(number))
    if number.is_integer() and 19_500_101 <= number <= 21_001_231:
        return _from_text(str(int(number)), None)
    if 1 <= number < 13 and not number.is_integer():
        raise AmbiguousDate(f"“{number:g}”可能是 {number:g} 或 {number:g}0，请写成 2026-03-01")
    raise BadDate(f"“{number:g}”不是日期，请写成 2026-03-01")


@lru_cache(maxsize=4096)
def _from_text(raw: str, year: int | None) -> date:
    said = _arabic(raw.strip().lstrip("'"))
    shown = raw.strip()[:30]
    if _LUNAR.search(said):
        raise BadDate(f"“{shown}”是农历，请写公历日期")
    for pattern in (_YEAR_FIRST, _COMPACT):
        if found := pattern.fullmatch(said):
            return _day(int(found[1]), int(found[2]), int(found[3]), shown)
    if found := _SHORT_YEAR.fullmatch(said):
        return _day(2000 + int(found[1]), int(found[2]), int(found[3]), shown)
    if found := _MONTH_DAY.fullmatch(said):
        return _without_year([(int(found[1]), int(found[2]))], year, shown)
    if found := _THREE.fullmatch(said):
        return _of_three(found[1], found[2], found[3], shown)
    if found := _TWO.fullmatch(said):
        one, two = int(found[1]), int(found[2])
        return _without_year([(one, two), (two, one)], year, shown)
    if named := _named(said):
        return _day(*named, shown)
    if said.isdecimal() and 20_000 <= int(said) < 80_000:
        return _from_number(float(said))
    if _RANGE.search(said):
        raise BadDate(f"“{shown}”不是一个日期，请只写一天")
    raise BadDate(f"“{shown}”不是有效日期，请写成 2026-03-01")


def _of_three(one: str, two: str, three: str, shown: str) -> date:
    """a-b-c where no part says what it is."""
    a, b, c = int(one), int(two), int(three)
    long_year = len(three) == 4
    ways = [(c if long_year else 2000 + c, a, b), (c if long_year else 2000 + c, b, a)]
    if not long_year and len(one) == 2:
        ways.append((2000 + a, b, c))
    return _only(ways, shown)


def _without_year(pairs: list[tuple[int, int]], year: int | None, shown: str) -> date:
    """Month and day; 2024 stands in for an unknown year, since only there 29 February exists."""
    days = {day for month, day_ in pairs if (day := _real(year or 2024, month, day_))}
    if len(days) > 1:
        read = "或".join(f"{day.month}月{day.day}日" for day in sorted(days))
        raise AmbiguousDate(f"“{shown}”可读作{read}，请写成 2026-03-01 的样式")
    day = _only([(year or 2024, month, day_) for month, day_ in pairs], shown)
    if year is None:
        raise AmbiguousDate(f"“{shown}”没有年份，请写全日期或用 --year 指明年份")
    return day


def _only(ways: list[tuple[int, int, int]], shown: str) -> date:
    days = {found for way in ways if (found := _real(*way))}
    if not days:
        raise BadDate(f"“{shown}”不是有效日期，没有这一天")
    if len(days) > 1:
        read = "或".join(sorted(day.isoformat() for day in days))
        raise AmbiguousDate(f"“{shown}”可读作 {read}，请写成 2026-03-01 的样式")
    return days.pop()


def _day(year: int, month: int, day: int, shown: str) -> date:
    return _only([(year, month, day)], shown)


def _real(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _in_reach(day: date, shown: object) -> date:
    return _day(day.year, day.month, day.day, str(shown))


def _named(said: str) -> tuple[int, int, int] | None:
    found = _NAMED_FIRST.fullmatch(said)
    if found:
        month, day, year = found[1], found[2], found[3]
    elif found := _NAMED_SECOND.fullmatch(said):
        day, month, year = found[1], found[2], found[3]
    else:
        return None
    number = _MONTHS.get(month[:3].lower())
    return (int(year), number, int(day)) if number else None


def _arabic(text: str) -> str:
    """Full-width and Chinese numerals as Arabic ones: 二〇二六年三月二十一日 → 2026年3月21日."""
    folded = unicodedata.normalize("NFKC", text.replace("○", "〇").replace("◯", "〇"))
    return _CHINESE_NUMBER.sub(lambda found: _number(found[0]), folded)


def _number(word: str) -> str:
    word = word.replace("廿", "二十").replace("卅", "三十")
    if "十" not in word:
        return "".join(_DIGITS.get(char, char) for char in word)
    tens, _, ones = word.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return word
    return str(int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0")))
