"""Words taken out of a proposal after it was written: what turned out to concern somebody's safety.

They are taken out whenever a proposal is read, not where it is kept: an alarm that proves false
gives the words back, and no version that was decided upon is ever rewritten.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar, cast

from sanshe.engine.draft.text import note_key, notes_in

#: What stands where words were taken out.
WITHDRAWN = "〔已按人身安全保护撤下〕"
#: So many letters in a row betray what was said, however the rest was cut or rewritten.
_RUN = 8
#: Sayings and titles of fewer letters are everyday words; only their footnote tells.
_SHORTEST = 4
#: A quotation and the footnotes right behind it.
_QUOTED = re.compile(r"(“[^“”\n]*”)?((?:\[\^[^\]\[\n]{1,64}\])+)")
#: Words never run from one line or cell into the next.
_EDGE = re.compile(r"([\n|])")
T = TypeVar("T")


@dataclass(frozen=True)
class Withheld:
    """The footnotes and words that may not be read. Letters only: signs and spaces may differ.

    keys: the footnote keys of the statements. runs: every `_RUN` letters of longer words.
    short: words of fewer letters, found only as a whole.
    """

    keys: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.keys or self.runs or self.short)

    def sparing(self, said: Iterable[str]) -> "Withheld":
        """The same, but what others said too, and what may be read, is no secret."""
        others = [letters_of(words) for words in said]
        return replace(
            self,
            runs=self.runs - {run for words in others for run in _runs(words)},
            short=frozenset(s for s in self.short if not any(s in words for words in others)),
        )

    def words(self, text: str) -> str:
        """The text with the marker in place of the words, without their footnotes. Cost: O(n)."""
        if not text or not self:
            return text
        if self.keys and "[^" in text:
            text = _QUOTED.sub(self._without_note, text)
        return "".join(
            piece if at % 2 else self._piece(piece) for at, piece in enumerate(_EDGE.split(text))
        )

    def everywhere(self, value: T) -> T:
        """The value with every text inside it treated so: tuples, lists, mappings, dataclasses."""
        return cast(T, self._inside(value)) if self else value

    def readable(self, notes: Mapping[str, T]) -> dict[str, T]:
        """Footnotes by key, without those of what may not be read."""
        return {key: note for key, note in notes.items() if key not in self.keys}

    def _inside(self, value: object) -> object:
        if isinstance(value, str):
            return self.words(value)
        if isinstance(value, tuple | list):
            return type(value)(self._inside(part) for part in value)
        if isinstance(value, Mapping):
            return {key: self._inside(part) for key, part in value.items()}
        if is_dataclass(value) and not isinstance(value, type):
            parts = {field.name: getattr(value, field.name) for field in fields(value)}
            return replace(value, **{name: self._inside(part) for name, part in parts.items()})
        return value

    def _without_note(self, found: re.Match[str]) -> str:
        marks = notes_in(found[2])
        left = [mark for mark in marks if mark not in self.keys]
        if len(left) == len(marks):
            return found[0]
        quoted = f"“{WITHDRAWN}”" if found[1] else ""
        return quoted + "".join(f"[^{mark}]" for mark in left)

    def _piece(self, text: str) -> str:
        at = [i for i, letter in enumerate(text) if letter.isalnum()]
        letters = "".join(text[i] for i in at)
        spans = [
            (i, i + _RUN)
            for i in range(len(letters) - _RUN + 1)
            if letters[i : i + _RUN] in self.runs
        ]
        for word in self.short:
            spans += ((m.start(), m.end()) for m in re.finditer(re.escape(word), letters))
        if not spans:
            return text
        made, done = [], 0
        for start, end in _joined(sorted(spans)):
            made += [text[done : at[start]], WITHDRAWN]
            done = at[end - 1] + 1
        return "".join([*made, text[done:]])


def withhold(statements: Mapping[str, str], titles: Iterable[str] = ()) -> Withheld:
    """What may no longer be read: statements by id, and the titles of needs.

    Cost: O(total length).
    """
    said = [letters_of(words) for words in (*statements.values(), *titles)]
    return Withheld(
        frozenset(map(note_key, statements)),
        frozenset(run for words in said for run in _runs(words)),
        frozenset(words for words in said if _SHORTEST <= len(words) < _RUN),
    )


def letters_of(words: str) -> str:
    """The letters and figures of words, by which they are compared."""
    return "".join(filter(str.isalnum, words))


def _runs(words: str) -> Iterable[str]:
    letters = letters_of(words)
    return (letters[i : i + _RUN] for i in range(len(letters) - _RUN + 1))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that touch or overlap as one; they come in order."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
