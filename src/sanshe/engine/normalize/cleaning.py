"""Rewriting words: one width, one script, no residue and nothing invisible."""

import re
import unicodedata
from functools import cache
from typing import Any

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
#: Punctuation NFKC would turn into ASCII, but which is how Chinese is written.
_KEPT = "，。！？；：（）…～"
_NOT_PUNCTUATION = re.compile(f"[^{_KEPT}]+")
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


def folded(text: str) -> tuple[str, list[int]]:
    """`text` as a reader of numbers wants it, and where each of its characters came from."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if _INVISIBLE.match(sign):
            continue
        plain = sign if sign < "\x80" or sign in _KEPT else unicodedata.normalize("NFKC", sign)
        for one in plain:
            if one.isspace():
                if signs and signs[-1] == " ":
                    continue
                one = " "
            signs.append(one)
            places.append(place)
    plain = "".join(signs)
    if not plain.isascii():
        simple: str = _converter().convert(plain)
        # Words such as 電話 help to tell a number; where the lengths part, they have to be missed.
        plain = simple if len(simple) == len(plain) else plain
    return plain, places


def _nfkc(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match.group())


@cache
def _converter() -> Any:
    from opencc import OpenCC  # loading takes 20 ms: only where text is cleaned

    return OpenCC("t2s")
