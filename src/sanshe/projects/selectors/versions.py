"""Versions of a proposal as plain data, and what changed between two of them."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sanshe.engine.draft import SECTION_TITLES, Draft, live_tables, text_of
from sanshe.engine.draft.live import LIVE_SECTIONS


def snapshot_of(document: Draft) -> dict[str, Any]:
    """The whole proposal as JSON: its facts, the text of each section, the rows of its tables."""
    cover = document.cover
    return {
        "facts": {
            "title": cover.title,
            "organization": cover.organization,
            "lead": cover.lead,
            "starts_on": cover.starts_on.isoformat() if cover.starts_on else "",
            "ends_on": cover.ends_on.isoformat() if cover.ends_on else "",
            "total_fen": document.total_fen,
        },
        "sections": {str(s.number): text_of(s.blocks) for s in document.sections},
        "tables": {
            str(number): [
                {"caption": table.caption, "head": list(table.head),
                 "rows": [list(row) for row in table.rows]}
                for table in live_tables(document, number)
            ]
            for number in LIVE_SECTIONS
        },
        "notes": {key: [note.words, note.source] for key, note in document.notes.items()},
    }  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A stretch of text: `kind` is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class SectionChange:
    """What changed in one section: its words, and the rows of its table taken out or put in."""

    number: int
    title: str
    pieces: tuple[Piece, ...]
    rows: tuple[Piece, ...]


def changes_between(old: dict[str, Any], new: dict[str, Any]) -> list[SectionChange]:
    """The sections that differ between two snapshots, in order."""
    found = []
    for number, title in SECTION_TITLES.items():
        key = str(number)
        before, after = old["sections"].get(key, ""), new["sections"].get(key, "")
        rows = _rows_between(old["tables"].get(key, []), new["tables"].get(key, []))
        if before != after or rows:
            pieces = words_between(before, after) if before != after else ()
            found.append(SectionChange(number, title, pieces, rows))
    return found


_SENTENCES = re.compile(r"[^。；！？\n]*[。；！？\n]?")
#: Stretches longer than this are shown as a whole: comparing letters costs the square of them.
_LETTERS = 1_500
#: Sentences less alike than this would fall into confetti.
_READABLE = 0.6


def words_between(before: str, after: str) -> tuple[Piece, ...]:
    """Two texts compared sentence by sentence, and inside changed sentences letter by letter."""
    old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    pieces: list[Piece] = []
    for verb, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        out, came = "".join(old[i:j]), "".join(new[k:m])
        if verb == "equal":
            pieces.append(Piece("same", out))
        elif verb == "replace" and _alike(out, came):
            pieces += _letters_between(out, came)
        else:
            pieces += [Piece("removed", out)] * bool(out) + [Piece("added", came)] * bool(came)
    return tuple(pieces)


def _alike(before: str, after: str) -> bool:
    """Whether comparing letters shows a reader more than two whole sentences would."""
    if len(before) + len(after) > _LETTERS:
        return False
    return SequenceMatcher(None, before, after, autojunk=False).ratio() > _READABLE


def _letters_between(before: str, after: str) -> list[Piece]:
    pieces: list[Piece] = []
    for verb, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if verb == "equal":
            pieces.append(Piece("same", before[i:j]))
            continue
        pieces += [Piece("removed", before[i:j])] * (j > i) + [Piece("added", after[k:m])] * (m > k)
    return pieces


def _rows_between(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> tuple[Piece, ...]:
    before = [" ｜ ".join(row) for table in old for row in table["rows"]]
    after = [" ｜ ".join(row) for table in new for row in table["rows"]]
    removed = [Piece("removed", row) for row in before if row not in after]
    added = [Piece("added", row) for row in after if row not in before]
    return (*removed, *added)
