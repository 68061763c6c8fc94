"""Where personal numbers stand in clean words: addresses, accounts, papers, then plain numbers."""

import re
from collections.abc import Iterator
from datetime import date

from sanshe.engine.normalize.numbers import Found, numbers, spoken_numbers
from sanshe.engine.normalize.shapes import STARS

__all__ = ["Found", "personal_numbers"]

#: Stands in the place of what was found, so that nothing is found in it again.
_FILLER = "\0"
_LATIN = re.compile("[0-9A-Za-z]")
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
#: Passports of the mainland (E, G, D, S, P; also EA to EZ), Hong Kong (K, H) and Macau (M), and
#: permits to travel between them (C, W; H and M, with two digits for the issue).
_PAPER = re.compile(
    r"(?<![A-Za-z0-9])(?P<number>[EGDSPKCWegdspkcw][0-9]{8}|[HMhm][0-9]{8,10}"
    r"|[EDSPKCMedspkcm][A-HJ-NP-Za-hj-np-z][0-9]{7})(?![A-Za-z0-9])"
)
#: Numbers without a letter, as Taiwan's permits have them, need to be called what they are.
_NAMED_PAPER = re.compile(
    r"(?:护照|通行证|回乡证|台胞证|居留证)(?:号码?|编号)?(?:就?是|为)?[:：]? ?"
    r"(?P<number>[A-Za-z]{0,2} ?[0-9](?:[ \-]?[0-9]){6,9})(?![0-9A-Za-z])"
)


def personal_numbers(text: str) -> list[Found]:
    """Where each begins and ends and how it is shown, in order; no two overlap."""
    found: list[Found] = []
    rest = text
    if _LATIN.search(text):
        for find in (_emails, _accounts, _papers, numbers):
            fresh = list(find(rest))
            found += fresh
            rest = _without(rest, fresh)
    found += spoken_numbers(rest)
    return sorted(found)


def _without(text: str, found: list[Found]) -> str:
    if not found:
        return text
    parts: list[str] = []
    at = 0
    for start, end, _mask in found:
        parts += [text[at:start], _FILLER * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def _emails(text: str) -> Iterator[Found]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield match.start(), match.end(), match.group()[0] + STARS


def _accounts(text: str) -> Iterator[Found]:
    for match in _ACCOUNT.finditer(text):
        kind = "wechat" if match["wechat"] else "qq"
        yield match.start(kind), match.end(kind), match[kind][:2] + STARS


def _papers(text: str) -> Iterator[Found]:
    free = 0
    named = {match.span("number") for match in _NAMED_PAPER.finditer(text)}
    plain = {match.span("number") for match in _PAPER.finditer(text)}
    for start, end in sorted(named | plain, key=lambda span: (span[0], -span[1])):
        number = text[start:end]
        sure = (start, end) in named and not number[0].isdigit()
        if start < free or (not sure and _is_day(number.lstrip("EGDSPKCWHMegdspkcwhm"))):
            continue
        free = end
        yield start, end, number[0] + STARS + number[-3:]


def _is_day(digits: str) -> bool:
    """Whether eight digits are a date: 20260315 is the number of a sheet rather than of a paper."""
    if len(digits) != 8 or not digits.isdigit():
        return False
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2099
    except ValueError:
        return False
