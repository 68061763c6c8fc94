"""Small pieces of written Chinese."""

from collections.abc import Iterable, Sequence
from datetime import date

from sanshe.engine.draft.text import blank, note, plain

_DIGITS = "零一二三四五六七八九"

#: What each kind of evidence is called (Bradshaw 1972).
EVIDENCE = {
    "normative": "规范性",
    "felt": "感觉性",
    "expressed": "表达性",
    "comparative": "比较性",
}
BAND_WORDS = {"A": "A 优先立项", "B": "B 纳入年度", "C": "C 培育链接", "D": "D 观察"}


def cn_number(value: int) -> str:
    """1 → 一, 16 → 十六, 20 → 二十; for 1..99."""
    tens, ones = divmod(value, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def cn_date(day: date) -> str:
    """2026年3月5日"""
    return f"{day.year}年{day.month}月{day.day}日"


def period(start: date | None, end: date | None, hint: str) -> str:
    """2026年3月1日至2027年2月28日; a blank where a day is open."""
    if start is None and end is None:
        return blank(hint)
    first = cn_date(start) if start else blank("开始日期")
    last = cn_date(end) if end else blank("结束日期")
    return f"{first}至{last}"


def listed(words: Iterable[str], most: int = 4) -> str:
    """甲、乙和丙; beyond `most`: 甲、乙、丙、丁等."""
    items = list(dict.fromkeys(filter(None, words)))
    if len(items) > most:
        return "、".join(items[:most]) + "等"
    if len(items) > 2:
        return "、".join(items[:-1]) + "和" + items[-1]
    return "和".join(items)


def titles(words: Iterable[str], most: int = 3) -> str:
    """“甲”“乙”, and how many there are where some are left out."""
    items = list(words)
    said = "".join(f"“{plain(word)}”" for word in items[:most])
    return said if len(items) <= most else f"{said}等{len(items)}项"


def cut(words: str, most: int) -> str:
    """At most so many characters, cut at a stop where there is one."""
    if len(words) <= most:
        return words
    head = words[: most - 1]
    stop = max(head.rfind(mark) for mark in "。！？；，,")
    return (head[:stop] if stop >= most // 2 else head) + "…"


def marks(statements: Sequence[str]) -> str:
    """Footnote marks in a row."""
    return "".join(note(statement) for statement in statements)


def share(part: int, whole: int) -> str:
    """A share as a percentage with one decimal: 12.5%."""
    return f"{100 * part / whole:.1f}%" if whole else "0%"


def or_blank(words: str, hint: str) -> str:
    """Typed words made plain, or a blank."""
    return plain(words) or blank(hint)
