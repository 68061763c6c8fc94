"""The text of a section as people edit it, and back into blocks.

The form, line by line: `## words` is a sub-heading, `- words` a bullet, `表4-1 …` directly before
lines `| a | b |` a table with its caption, every other line a paragraph; empty lines separate.
Inside words, `[^12]` is a footnote to statement 12 and `【待填：…】` a blank. Text that people
typed elsewhere (titles, quotes) is made plain by `plain`, so that it is never read as a mark.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sanshe.engine.draft.document import Block, Bullets, Heading, Paragraph, Table

_NOTE = r"\[\^(?P<note>[^\]\[\n]{1,64})\]"
_BLANK = r"(?P<blank>【待填(?:：[^【】\n]*)?】)"
_MARK = re.compile(f"{_NOTE}|{_BLANK}")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_CAPTION = re.compile(r"表\d+(-\d+)?(\s|$)")
_RULE = re.compile(r"\|(\s*:?-{3,}:?\s*\|)+$")


@dataclass(frozen=True)
class Run:
    """A piece of words: plain, or a blank to be filled, or (words = "") a footnote."""

    words: str
    blank: bool = False
    note: str = ""


def blank(hint: str) -> str:
    """A marked blank: 【待填：单位联系人】."""
    return f"【待填：{plain(hint)}】"


def note(statement: str) -> str:
    """A footnote mark to a statement."""
    return f"[^{note_key(statement)}]"


def note_key(statement: str) -> str:
    """The statement's id as a mark can hold it; ids of digits and letters stay as they are."""
    return plain(statement).replace("[", "［").replace("]", "］")[:64]


def plain(words: str) -> str:
    """Typed words on one line, in which nothing can be read as a mark or a table."""
    words = _SPACE.sub(" ", words).strip()
    words = words.replace("[^", "［^").replace("【待填", "〖待填").replace("|", "｜")
    return words


def runs(words: str) -> Iterator[Run]:
    """The pieces of a line in order."""
    at = 0
    for mark in _MARK.finditer(words):
        if mark.start() > at:
            yield Run(words[at : mark.start()])
        if mark["note"]:
            yield Run("", note=mark["note"])
        else:
            yield Run(mark["blank"], blank=True)
        at = mark.end()
    if at < len(words):
        yield Run(words[at:])


def notes_in(text: str) -> list[str]:
    """The statements a text refers to, each once, in order."""
    return list(dict.fromkeys(m["note"] for m in _MARK.finditer(text) if m["note"]))


def blanks_in(text: str) -> list[str]:
    """The blanks of a text, as they stand."""
    return [m["blank"] for m in _MARK.finditer(text) if m["blank"]]


def text_of(blocks: Iterable[Block]) -> str:
    """Blocks as text; `blocks_of` reads it back."""
    return "\n\n".join(_written(block) for block in blocks)


def _written(block: Block) -> str:
    match block:
        case Heading(words):
            return f"## {words}"
        case Paragraph(words):
            return words
        case Bullets(items):
            return "\n".join(f"- {item}" for item in items)
        case Table():
            return "\n".join([block.caption, _line(block.head), *map(_line, block.rows)])


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def blocks_of(text: str) -> tuple[Block, ...]:
    """Text as blocks. Whatever people write has a reading; nothing is refused or lost."""
    lines = [line.strip() for line in text.splitlines()]
    found: list[Block] = []
    items: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if items and not line.startswith("- "):
            found.append(Bullets(tuple(items)))
            items = []
        if _is_row(line) or (
            _CAPTION.match(line) and at + 1 < len(lines) and _is_row(lines[at + 1])
        ):
            caption = "" if _is_row(line) else line
            start = at = at if _is_row(line) else at + 1
            while at < len(lines) and _is_row(lines[at]):
                at += 1
            found.append(_table(caption, lines[start:at]))
            continue
        if line.startswith("## "):
            found.append(Heading(line[3:].strip()))
        elif line.startswith("- "):
            items.append(line[2:].strip())
        elif line:
            found.append(Paragraph(line))
        at += 1
    return tuple([*found, Bullets(tuple(items))] if items else found)


def _is_row(line: str) -> bool:
    return len(line) > 1 and line.startswith("|") and line.endswith("|")


def _table(caption: str, lines: list[str]) -> Table:
    rows = [tuple(cell.strip() for cell in line[1:-1].split("|"))
            for index, line in enumerate(lines) if index != 1 or not _RULE.match(line)]  # fmt: skip
    width = max(len(row) for row in rows)
    rows = [row + ("",) * (width - len(row)) for row in rows]
    return Table(caption, rows[0], tuple(rows[1:]))
