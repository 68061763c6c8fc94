"""Versions of a proposal as plain data, and what changed between two of them."""

from dataclasses import dataclass
from typing import Any

from sanshe.engine.draft import SECTION_TITLES, Draft, Withheld, live_tables, text_of
from sanshe.engine.draft.live import LIVE_SECTIONS
from sanshe.projects.models import ProposalVersion
from sanshe.projects.selectors.differences import Piece, words_between


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


def kept_in(version: ProposalVersion, withheld: Withheld) -> dict[str, Any]:
    """The snapshot of a version as it may be read today."""
    kept: dict[str, Any] = version.snapshot
    return withheld.everywhere({**kept, "notes": withheld.readable(kept["notes"])})


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


def _rows_between(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> tuple[Piece, ...]:
    before = [" ｜ ".join(row) for table in old for row in table["rows"]]
    after = [" ｜ ".join(row) for table in new for row in table["rows"]]
    old_rows, new_rows = set(before), set(after)
    removed = [Piece("removed", row) for row in before if row not in new_rows]
    added = [Piece("added", row) for row in after if row not in old_rows]
    return (*removed, *added)
