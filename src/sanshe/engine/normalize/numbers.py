"""Numbers in words: groups of digits, what stands between them, and the longest that is a person's.

The words are read once from left to right, group by group; how a group and a gap look decides
alone whether a row of groups goes on, so that no row is read twice.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sanshe.engine.normalize.shapes import LENGTHS, STARS, Number, mask_of

#: Where a number begins and ends, and how it is shown.
Found = tuple[int, int, str]

_X = "(?:[Xx](?![A-Za-z]))?"  # the last sign of a resident ID
_GROUP = re.compile(f"[0-9]+{_X}")
_SPOKEN = "〇零○一幺二三四五六七八九壹贰叁肆伍陆柒捌玖"
_AS_DIGITS = str.maketrans(_SPOKEN, "0001123456789123456789")
_SPOKEN_GROUP = re.compile(f"[0-9{_SPOKEN}]+{_X}")
#: From this many digits written as characters on, a number counts as said.
_SAID = 3
_ENOUGH_SPOKEN = re.compile(f"(?:[^{_SPOKEN}]*[{_SPOKEN}]){{{_SAID}}}")

#: What a person puts between the groups of a number, one at a time; `)` ends an area code.
_TIGHT = re.compile(r" ?[\-.·•・‧∙⋅_)）\u2010-\u2015] ?| ")
#: Signs that also make times, fractions, ranges and lists: here a number has to look its part.
_LOOSE = re.compile(r" ?[/／~～〜∼:：∶*＊、+＋;；→。…,，] ?")
#: Nobody says amounts digit by digit: a comma between spoken groups is a mere pause.
_PAUSE = re.compile("[，,] ?")
_WIDEST_GAP = 3
#: Words that announce a number, a few signs before it.
_CUE = re.compile(
    r"(?:电话|手机|号码|联系|致电|打(?!分)|拨|呼|[Tt]el|[Pp]hone|[Mm]obile)[^0-9，。；！？]{0,4}$"
)
#: What is counted is no number of a person.
_COUNTED = "元块万户人名栋幢层米岁次件%"


@dataclass(slots=True)
class _Row:
    """Groups that may belong together, and which of the gaps before them are loose."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    loose: list[bool] = field(default_factory=list)


def numbers(text: str) -> Iterator[Found]:
    """Personal numbers written in digits."""
    for row in _rows(text, _GROUP, spoken=False):
        yield from _in_row(text, row, spoken=False)


def spoken_numbers(text: str) -> Iterator[Found]:
    """Personal numbers with at least some digits written as characters."""
    if not _ENOUGH_SPOKEN.match(text):
        return
    for row in _rows(text, _SPOKEN_GROUP, spoken=True):
        for start, end, mask in _in_row(text, row, spoken=True):
            # Arabic digits alone were looked at before, with their own rules. Before an @ the mask
            # would next time be read as an address.
            said = sum(sign in _SPOKEN for sign in text[start:end])
            if said >= _SAID and not text.startswith("@", end):
                yield start, end, mask


def _rows(text: str, group: re.Pattern[str], *, spoken: bool) -> Iterator[_Row]:
    row = _Row()
    for match in group.finditer(text):
        start, end = match.span()
        if _shown_of_a_mask(text, start, end):
            if row.groups:
                yield row
            row = _Row()
            continue
        gap = _gap(text, row.ends[-1], start, spoken=spoken) if row.groups else None
        if gap is None and row.groups:
            yield row
            row = _Row()
        row.starts.append(start)
        row.ends.append(end)
        row.groups.append(match.group().translate(_AS_DIGITS))
        row.loose.append(gap is True)
    if row.groups:
        yield row


def _gap(text: str, start: int, end: int, *, spoken: bool) -> bool | None:
    """Whether the gap is loose; None where it parts two numbers."""
    if end - start > _WIDEST_GAP:
        return None
    if _TIGHT.fullmatch(text, start, end) or (spoken and _PAUSE.fullmatch(text, start, end)):
        return False
    return True if _LOOSE.fullmatch(text, start, end) else None


def _shown_of_a_mask(text: str, start: int, end: int) -> bool:
    """Whether the group is what a mask leaves to see of a number: 138****5678."""
    size = end - start
    return (size <= 6 and text.startswith(STARS, end)) or (
        size <= 4 and text.endswith(STARS, 0, start)
    )


def _in_row(text: str, row: _Row, *, spoken: bool) -> Iterator[Found]:
    """The personal numbers in a row of groups, each as long as it can be."""
    digits = "".join(row.groups)
    ends_at: dict[int, int] = {}
    begins: list[int] = []
    at = 0
    for index, group in enumerate(row.groups):
        begins.append(at)
        at += len(group)
        ends_at[at] = index
    first = 0
    while first < len(row.groups):
        at = begins[first]
        for length in LENGTHS.get(digits[at : at + 2], ()):
            last = ends_at.get(at + length)
            if last is None:
                continue
            start, end = row.starts[first], row.ends[last]
            loose = any(row.loose[first + 1 : last + 1])
            # A person who says a number pauses anywhere: there its groups tell nothing.
            shape = tuple(len(group) for group in row.groups[first : last + 1])
            number = Number(
                digits[at : at + length],
                shape if loose or not spoken else (length,),
                loose=loose,
                cued=len(shape) > 1 and bool(_CUE.search(text, max(0, start - 12), start)),
                counted=text.startswith(tuple(_COUNTED), end),
                alone=first == 0 and last == len(row.groups) - 1,
            )
            if mask := mask_of(number):
                yield start, end, mask
                first = last
                break
        first += 1
