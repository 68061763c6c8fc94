"""The code lists: every word an office uses for one of our codes, and the codes themselves.

The words live in `data/codes.csv` (list, code, label, synonyms, inside). Codes are what tables
carry; `label` gives the Chinese word. A word is looked up as a whole; an informant is also found
by a word inside, because that list has 其他 for the rest and a person reads the warning. Chinese
puts the head last, so the last word inside decides (居委会保洁员 → sanitation), but a weak word,
marked ? in the file, only where no other is found (低保居民 → low_income).
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).resolve().parent / "data" / "codes.csv"
_LONGEST = 60
_NOISE = re.compile(r"[\s·•()\[\]【】“”\"'*_/、,;:.!?-]+")
_SPLIT = re.compile(r"[|、,，;；/\n]+")
_YES = {"是", "有", "已", "1", "true", "yes", "y", "√", "✓", "✔", "t", "已核查", "已查", "通过"}
_NO = {"否", "无", "未", "0", "false", "no", "n", "×", "✗", "x", "✘", "f", "未核查", "未查", "没有"}


@dataclass(frozen=True)
class CodeList:
    """Codes with their Chinese label, the words that mean them, and words to look for inside."""

    labels: Mapping[str, str]
    words: Mapping[str, str]
    inside: tuple[tuple[str, str, bool], ...] = ()

    def code(self, said: str) -> str | None:
        """The code `said` means as a whole, by code, label or synonym; None if unknown."""
        return self.words.get(fold(said)) if len(said) <= _LONGEST else None

    def code_inside(self, said: str) -> str | None:
        """The code of the last listed word found anywhere in `said`, weak ones after all others."""
        folded = fold(said[:_LONGEST])
        found = [
            (not weak, folded.rfind(word) + len(word), len(word), code)
            for word, code, weak in self.inside
            if word in folded
        ]
        return max(found)[3] if found else None

    def label(self, code: str) -> str:
        """The Chinese word of the list for `code`; what is unknown stays as it is."""
        return self.labels.get(code, code)


@lru_cache(maxsize=4096)
def fold(said: str) -> str:
    """For comparing: half-width, lower case, without spaces, dots and brackets."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", said)).lower()


def split_words(said: str) -> list[str]:
    """The words of a cell that lists several: 普通话、闽南语 or zh|nan."""
    return [word.strip() for word in _SPLIT.split(said) if word.strip()]


def yes_or_no(said: str) -> bool | None:
    """是/否 in the ways offices write it; None if it is neither."""
    word = unicodedata.normalize("NFKC", said).strip().lower()
    return True if word in _YES else False if word in _NO else None


def _load() -> dict[str, CodeList]:
    rows: dict[str, list[dict[str, str]]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["list"], []).append(row)
    return {name: _build(own) for name, own in rows.items()}


def _build(rows: Iterable[dict[str, str]]) -> CodeList:
    labels: dict[str, str] = {}
    words: dict[str, str] = {}
    inside: list[tuple[str, str, bool]] = []
    for row in rows:
        code = row["code"]
        labels[code] = row["label"]
        for word in (code, row["label"], *row["synonyms"].split("|")):
            if word:
                words.setdefault(fold(word), code)
        for word in filter(None, row["inside"].split("|")):
            inside.append((fold(word), code, word.endswith("?")))
    return CodeList(labels, words, tuple(inside))


_LISTS = _load()
INFORMANTS = _LISTS["informants"]
METHODS = _LISTS["methods"]
OFFER_KINDS = _LISTS["offer_kinds"]
TARGET_GROUPS = _LISTS["target_groups"]
LANGUAGES = _LISTS["languages"]
BANDS = _LISTS["bands"]
