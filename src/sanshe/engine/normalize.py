"""Raw words as offices send them → clean words to store, with personal numbers masked.

Problem. Statements arrive full-width, in traditional script, with converter residue (服務(wù)),
invisible characters, and phone numbers nobody may keep in the open. Method: rewrite until
nothing changes, then mask; each masked piece keeps its original for whoever may see it.
`normalize(normalize(x).text)` changes nothing. See docs/engine/normalize.md.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

_STARS = "****"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
#: Punctuation NFKC would turn into ASCII, but which is how Chinese is written.
_NOT_PUNCTUATION = re.compile("[^，。！？；：（）…～]+")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"\s+")
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿê"
#: A converter writes the reading behind a character it could not place: 發(fā), 們(men).
_RESIDUE = re.compile(
    rf"(?<=[{_HAN}]) ?[(（](?:(?=[a-z{_TONED}]*[{_TONED}])[a-z{_TONED}]{{1,7}}"
    r"|zhe|ge|de|le|men|zi|tou|ma|ba|ne)[)）]"
)
#: Looked for from its first letter only, lest a long row of letters is tried from each.
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]++"
    r"(?=@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,})"
)
_ACCOUNT = re.compile(
    r"(?:(?:[微威薇Vv]信|(?<![A-Za-z])(?:[Vv][Xx]|[Ww][Xx]|[Ww]eixin|[Ww]e[Cc]hat))"
    r"(?:号码?|[Ii][Dd])?(?:就?是|为|叫)?[:： ]{0,2}(?P<wechat>[A-Za-z](?:[A-Za-z0-9_\-]{5,19}))"
    r"|(?<![A-Za-z])[Qq]{2}(?:号码?)?(?:就?是|为)?[:： ]{0,2}(?P<qq>[1-9][0-9]{4,10}))"
    r"(?![A-Za-z0-9_\-*])"
)
#: What a person puts between the groups of a number, one at a time; `)` ends an area code.
_BETWEEN = r" ?[\-.·_)）\u2010-\u2015] ?| "
#: Digits in groups; stars mark what is already masked. A last X belongs to a resident ID.
_NUMBER = re.compile(
    rf"[0-9*]+(?:[Xx](?![A-Za-z]))?(?:(?:{_BETWEEN})[0-9*]+(?:[Xx](?![A-Za-z]))?)*"
)
_GROUP = re.compile(r"[0-9*Xx]+")
_SPOKEN = "〇零○一幺二三四五六七八九壹贰叁肆伍陆柒捌玖"
_AS_DIGITS = str.maketrans(_SPOKEN, "0001123456789123456789")
#: A number with digits written as characters. Nobody says amounts digit by digit, so a comma
#: between its groups is a pause; between Arabic digits it would make a list.
_SPOKEN_NUMBER = re.compile(rf"[0-9*{_SPOKEN}](?:(?:{_BETWEEN}|[，,] ?)?[0-9*{_SPOKEN}]){{9,}}")
#: How people break a mobile number up.
_MOBILE_SHAPES = {(11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (3, 3, 5), (5, 6), (4, 3, 4)}
_LONGEST_NUMBER = 19
#: From this many digits written as characters on, a number counts as said.
_SAID = 3


_LATIN = re.compile("[0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class Span:
    """A masked piece: `text[start:end]` stands for `original`."""

    start: int
    end: int
    original: str


@dataclass(frozen=True, slots=True)
class Normalized:
    """Clean text and what was masked in it, in order of appearance."""

    text: str
    masked: tuple[Span, ...] = ()

    @property
    def original(self) -> str:
        """The clean text with every masked piece put back."""
        parts, at = [], 0
        for span in self.masked:
            parts += [self.text[at : span.start], span.original]
            at = span.end
        return "".join([*parts, self.text[at:]])


def normalize(raw: str) -> Normalized:
    """Clean `raw` and mask personal numbers in it.

    Masked: mobile and landline numbers, resident IDs (18 and 15 digits), bank cards (16 to 19
    digits that pass Luhn), e-mail addresses, WeChat and QQ accounts; numbers also where their
    digits are written as characters. Never: dates, amounts, 12-digit place codes, addresses.

    Cost: O(len(raw)); 100,000 short statements take about a second.
    """
    text = clean(raw)
    masked: list[Span] = []
    if _LATIN.search(text):
        for find in (_emails, _accounts, _numbers):
            text, masked = _mask(text, masked, list(find(text)))
    if _SPOKEN_NUMBER.search(text):
        text, masked = _mask(text, masked, list(_spoken_numbers(text)))
    return Normalized(text, tuple(masked))


def clean(raw: str) -> str:
    """`raw` in NFKC with Chinese punctuation kept, simplified, on one line; nothing masked."""
    text = raw
    for _ in range(8):  # each rewrite can uncover another; two rounds nearly always do
        before = text
        text = _INVISIBLE.sub("", text)
        if not unicodedata.is_normalized("NFKC", text):
            text = _NOT_PUNCTUATION.sub(_nfkc, text)
        text = _INVISIBLE.sub("", _converter().convert(text))
        if "(" in text or "（" in text:
            text = _RESIDUE.sub("", text)
        text = _SPACES.sub(" ", text).strip()
        if text == before:
            break
    return text


def _nfkc(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match.group())


@cache
def _converter() -> Any:
    from opencc import OpenCC  # loading takes 20 ms: only where text is cleaned

    return OpenCC("t2s")


_Masking = tuple[int, int, str]


def _mask(text: str, spans: list[Span], found: list[_Masking]) -> tuple[str, list[Span]]:
    """Put the masks found into the text; earlier spans move along."""
    parts: list[str] = []
    new: list[Span] = []
    at = shift = 0
    events = sorted(
        [(s.start, s.end, None, s.original) for s in spans]
        + [(start, end, mask, text[start:end]) for start, end, mask in found],
        key=lambda event: event[0],
    )
    for start, end, mask, original in events:
        if mask is None:
            new.append(Span(start + shift, end + shift, original))
            continue
        parts += [text[at:start], mask]
        new.append(Span(start + shift, start + shift + len(mask), original))
        shift += len(mask) - (end - start)
        at = end
    return "".join([*parts, text[at:]]), new


def _emails(text: str) -> Iterator[_Masking]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield match.start(), match.end(), match.group()[0] + _STARS


def _accounts(text: str) -> Iterator[_Masking]:
    for match in _ACCOUNT.finditer(text):
        kind = "wechat" if match["wechat"] else "qq"
        yield match.start(kind), match.end(kind), match[kind][:2] + _STARS


def _numbers(text: str) -> Iterator[_Masking]:
    for run in _NUMBER.finditer(text):
        if len(run.group()) >= 10:
            yield from _in_run(run.group(), run.start(), spoken=False)


def _spoken_numbers(text: str) -> Iterator[_Masking]:
    for run in _SPOKEN_NUMBER.finditer(text):
        # Before an @ the mask would next time be read as an address.
        if text.startswith("@", run.end()):
            continue
        digits = run.group().translate(_AS_DIGITS)
        for start, end, mask in _in_run(digits, run.start(), spoken=True):
            # Arabic digits alone were looked at before, with their own rules.
            if sum(sign in _SPOKEN for sign in text[start:end]) >= _SAID:
                yield start, end, mask


def _in_run(run: str, start: int, *, spoken: bool) -> Iterator[_Masking]:
    """The personal numbers in a run of groups that begins at `start`, each as long as it can be."""
    groups = [(start + g.start(), start + g.end(), g.group()) for g in _GROUP.finditer(run)]
    first = 0
    while first < len(groups):
        near = [group for _start, _end, group in groups[first : first + _LONGEST_NUMBER]]
        last, mask = _longest_number(near, spoken=spoken)
        if mask:
            yield groups[first][0], groups[first + last][1], mask
            first += last
        first += 1


def _longest_number(groups: list[str], *, spoken: bool) -> tuple[int, str]:
    """The longest personal number the groups begin with: index of its last group, its mask."""
    best = (0, "")
    digits = ""
    shape: tuple[int, ...] = ()
    for index, group in enumerate(groups):
        if "*" in group or len(digits) + len(group) > _LONGEST_NUMBER:
            break
        digits += group
        shape = (*shape, len(group))
        # A person who says a number pauses anywhere: its groups tell nothing.
        mask = _number_mask(digits, (len(digits),) if spoken else shape)
        if mask:
            best = (index, mask)
    return best


def _number_mask(digits: str, shape: tuple[int, ...]) -> str:
    """How the number is shown, or "" where it is nobody's number."""
    if _is_resident_id(digits):
        return digits[:6] + _STARS + digits[-4:]
    if not digits.isdigit():
        return ""
    if 16 <= len(digits) <= 19 and digits[0] != "0" and _luhn(digits):
        return digits[:4] + _STARS + digits[-4:]
    local, local_shape = _without_country(digits, shape)
    if len(local) == 11 and local[0] == "1" and local[1] in "3456789" and _usual(local_shape):
        return local[:3] + _STARS + local[-4:]
    return _landline_mask(digits, shape)


def _without_country(digits: str, shape: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """The number behind 86 or 0086, and its groups."""
    if len(digits) <= 11 or not digits.startswith(("86", "0086")):
        return digits, shape
    country = 2 if digits.startswith("86") else 4
    glued = shape[0] > country
    return digits[country:], (shape[0] - country, *shape[1:]) if glued else shape[1:]


def _landline_mask(digits: str, shape: tuple[int, ...]) -> str:
    if not (10 <= len(digits) <= 12 and digits[0] == "0" and digits[1] != "0" and len(shape) <= 3):
        return ""
    area = 3 if digits[1] in "12" else 4  # 010, 02x have three digits, all others four
    if len(digits) - area not in (7, 8) or digits[area] in "01":
        return ""
    return digits[:area] + _STARS + digits[-4:] if shape[0] in (area, len(digits)) else ""


def _usual(shape: tuple[int, ...]) -> bool:
    return shape in _MOBILE_SHAPES or set(shape) == {1}


def _is_resident_id(digits: str) -> bool:
    """Province, a day of birth, and the right length; the check digit may be mistyped."""
    if len(digits) not in (15, 18) or not digits[:-1].isdigit():
        return False
    if len(digits) == 15 and not digits.isdigit():
        return False
    if not 11 <= int(digits[:2]) <= 82:
        return False
    born = digits[6:14] if len(digits) == 18 else "19" + digits[6:12]
    try:
        return 1900 <= date(int(born[:4]), int(born[4:6]), int(born[6:])).year <= 2099
    except ValueError:
        return False


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
