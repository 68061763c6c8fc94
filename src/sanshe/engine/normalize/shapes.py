"""Whose number a row of digits is, told by its length, its digits and how it is broken up."""

from dataclasses import dataclass
from datetime import date
from itertools import accumulate

STARS = "****"
#: How people break a mobile number up.
_MOBILE_SHAPES = {
    (11,), (3, 4, 4), (3, 8), (7, 4), (4, 7), (4, 4, 3), (3, 3, 5), (5, 6), (4, 3, 4),
    (3, 2, 2, 2, 2),
}  # fmt: skip
#: The same with signs that also make lists and ranges.
_LOOSE_MOBILE_SHAPES = {(11,), (3, 4, 4), (3, 8), (7, 4)}
#: After which digits a resident ID is broken: place, year, month, day; or every four digits.
_ID_BREAKS = (frozenset({3, 6, 10, 12, 14, 17}), frozenset({4, 8, 12, 16}))
_OLD_ID_BREAKS = (frozenset({3, 6, 8, 9, 10, 12}), frozenset({5, 10}))
_CARD_BREAKS = (frozenset({4, 8, 12, 16}), frozenset({6}))


def _lengths(start: str) -> tuple[int, ...]:
    """How long a number that starts with these two digits can be, longest first."""
    if start[0] == "0":
        return (15,) if start == "00" else (12, 11, 10)
    found = {16, 17, 18, 19}
    found |= {15} if 11 <= int(start) <= 82 else set()
    found |= {11} if "13" <= start <= "19" else set()
    found |= {13} if start == "86" else set()
    return tuple(sorted(found, reverse=True))


LENGTHS = {start: _lengths(start) for start in (f"{number:02}" for number in range(100))}


@dataclass(frozen=True, slots=True)
class Number:
    """Digits in groups of these sizes.

    loose: a sign between them makes lists or ranges elsewhere; cued: a word such as 电话 stands
    before them; counted: a word such as 元 stands behind them; alone: nothing else stands in their
    row.
    """

    digits: str
    shape: tuple[int, ...]
    loose: bool = False
    cued: bool = False
    counted: bool = False
    alone: bool = True

    @property
    def breaks(self) -> frozenset[int]:
        """After which digits it is broken."""
        return frozenset(accumulate(self.shape[:-1]))

    @property
    def one_by_one(self) -> bool:
        return set(self.shape) == {1}

    def broken_at(self, *places: frozenset[int]) -> bool:
        """Whether it is in one piece, in single digits, or broken at usual places only."""
        return self.one_by_one or any(self.breaks <= usual for usual in places)


def mask_of(number: Number) -> str:
    """How the number is shown, or "" where it is nobody's number."""
    digits = number.digits
    if number.loose and number.one_by_one and not (number.cued or number.alone):
        return ""  # a piece of a longer list of single digits
    if _is_resident_id(number):
        return digits[:6] + STARS + digits[-4:]
    if not digits.isdigit():
        return ""
    if _is_card(number):
        return digits[:4] + STARS + digits[-4:]
    return _mobile_mask(number) or _landline_mask(number)


def _mobile_mask(number: Number) -> str:
    local, shape = _without_country(number.digits, number.shape)
    if not (len(local) == 11 and local[0] == "1" and local[1] in "3456789"):
        return ""
    usual = _LOOSE_MOBILE_SHAPES if number.loose and not number.cued else _MOBILE_SHAPES
    if shape not in usual and set(shape) != {1}:
        return ""
    if not number.cued and _are_amounts(number, local, shape):
        return ""
    return local[:3] + STARS + local[-4:]


def _are_amounts(number: Number, local: str, shape: tuple[int, ...]) -> bool:
    """150、2000、3500 and 15000-150000: round figures side by side, or what is counted."""
    ends = list(accumulate(shape))
    groups = [local[end - size : end] for end, size in zip(ends, shape, strict=True)]
    if len(groups) == 1 or number.one_by_one:
        return False
    if any(group[0] == "0" for group in groups):
        return False
    if number.loose:
        return number.counted or all(group.endswith("0") for group in groups[1:])
    return shape == (5, 6) and all(group.endswith("00") for group in groups)


def _without_country(digits: str, shape: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """The number behind 86 or 0086, and its groups."""
    if len(digits) <= 11 or not digits.startswith(("86", "0086")):
        return digits, shape
    country = 2 if digits.startswith("86") else 4
    glued = shape[0] > country
    return digits[country:], (shape[0] - country, *shape[1:]) if glued else shape[1:]


def _landline_mask(number: Number) -> str:
    digits, shape = number.digits, number.shape
    if not (10 <= len(digits) <= 12 and digits[0] == "0" and digits[1] != "0" and len(shape) <= 3):
        return ""
    area = 3 if digits[1] in "12" else 4  # 010, 02x have three digits, all others four
    if len(digits) - area not in (7, 8) or digits[area] in "01":
        return ""
    return digits[:area] + STARS + digits[-4:] if shape[0] in (area, len(digits)) else ""


def _is_resident_id(number: Number) -> bool:
    """Province, a day of birth, and the right length; the check digit may be mistyped."""
    digits = number.digits
    if len(digits) not in (15, 18) or not digits[:-1].isdigit():
        return False
    if len(digits) == 15 and not (digits.isdigit() and number.broken_at(*_OLD_ID_BREAKS)):
        return False
    if len(digits) == 15 and number.loose and number.one_by_one:
        return False  # nothing but a month and a day would speak for it
    if number.loose and len(digits) == 18 and not number.broken_at(*_ID_BREAKS):
        return False
    if not 11 <= int(digits[:2]) <= 82:
        return False
    born = digits[6:14] if len(digits) == 18 else "19" + digits[6:12]
    try:
        return 1900 <= date(int(born[:4]), int(born[4:6]), int(born[6:])).year <= 2099
    except ValueError:
        return False


def _is_card(number: Number) -> bool:
    """Two dates in a row have as many digits; cards are broken into pieces of four, or once."""
    digits = number.digits
    if not (16 <= len(digits) <= 19 and digits[0] != "0"):
        return False
    usual = number.broken_at(*_CARD_BREAKS) or (not number.loose and min(number.shape[:-1]) >= 4)
    return usual and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
