"""Blocks as Word's paragraphs and tables; footnotes are counted as they come."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from docx.oxml.ns import qn

from sanshe.engine.draft.document import Block, Bullets, Heading, Note, Paragraph, Table
from sanshe.engine.draft.text import runs
from sanshe.engine.draft.words import cn_number, cut
from sanshe.office.word.ooxml import Element, el, paragraph, run, text

#: Width of the text area in twentieths of a point (156 mm), and of half a character in a cell.
_TEXT_WIDTH, _HALF = 8844, 105
_PADDING = 170
#: A column of words is never narrower than three characters, if it holds so many.
_LEAST = 6
#: Tables of so few rows and half-characters are kept on one page.
_KEPT_ROWS, _KEPT_WORDS = 6, 400
#: Tables of more half-characters are set in small print: an appendix to look things up in.
_FULL = 2_400
#: Characters of what was said in a footnote; all of it stands on the page and in the workbook.
_NOTE_WORDS, _ONLY_NOTED = 60, 26
_LIST = re.compile(r"\d+(、\d+)+")
_WHOLE = re.compile(r"[\x21-\x7e]+(?:、\d+){0,2}|【待填】")
_NUMBERED = re.compile(r"(附件|目标|（?\d+[）．.、]|[（(]?[一二三四五六七八九十]+[）)、])")


class Writer:
    """Builds the body; `notes` collects the footnotes in the order of their marks."""

    def __init__(self, notes: Mapping[str, Note], first_id: int) -> None:
        self._known = notes
        self._next = first_id
        self.notes: list[tuple[int, Note]] = []

    def blocks(self, blocks: Sequence[Block]) -> list[Element]:
        """The elements of one section."""
        found: list[Element] = []
        headings = 0
        for block in blocks:
            match block:
                case Heading(words):
                    headings += 1
                    if not _NUMBERED.match(words):
                        words = f"（{cn_number(min(headings, 99))}）{words}"
                    found.append(paragraph("SansheHeading2", self._runs(words)))
                case Paragraph(words):
                    found.append(paragraph("SansheBody", self._runs(words)))
                case Bullets(items):
                    found += self._bullets(items)
                case Table():
                    found += self._table(block)
        return found

    def _runs(self, words: str) -> list[Element]:
        found: list[Element] = []
        quoted = ""
        for piece in runs(words):
            if piece.note and piece.note in self._known:
                self.notes.append((self._next, _shortened(self._known[piece.note], quoted)))
                if found and found[-1].find(qn("w:footnoteReference")) is not None:
                    found.append(run("，", style="SansheNoteMark"))
                found.append(el(
                    "w:r", el("w:rPr", el("w:rStyle", val="SansheNoteMark")),
                    el("w:footnoteReference", id=self._next),
                ))  # fmt: skip
                self._next += 1
            elif piece.note:
                found.append(run(f"【出处缺失：{piece.note}】", highlight=True))
            else:
                found.append(run(piece.words, highlight=piece.blank))
            quoted = piece.words
        return found

    def _bullets(self, items: Sequence[str]) -> list[Element]:
        return [
            paragraph(
                "SansheList",
                self._runs(item if _NUMBERED.match(item) else f"{number}．{item}"),
            )
            for number, item in enumerate(items, 1)
        ]

    def _table(self, table: Table) -> list[Element]:
        widths = column_widths(table)
        head = el("w:tr", el("w:trPr", el("w:cantSplit"), el("w:tblHeader")), *(
            self._cell(words, width, "SansheCellHead", shade="EDEDED")
            for words, width in zip(table.head, widths, strict=True)
        ))  # fmt: skip
        sums = table.sums
        aligned = _alignments(table)
        style = "SansheCellSmall" if _words_in(table) > _FULL else "SansheCell"
        rows = [
            el("w:tr", el("w:trPr", el("w:cantSplit")), *(
                self._cell(words, widths[i], "SansheCellHead" if at in sums and i == 0
                           else style, _align(words, aligned[i]),
                           "F7F7F7" if at in sums else "")
                for i, words in enumerate(row)
            ))
            for at, row in enumerate(table.rows)
        ]  # fmt: skip
        properties = el(
            "w:tblPr", el("w:tblStyle", val="SansheTable"),
            el("w:tblW", w=sum(widths), type="dxa"), el("w:jc", val="center"),
            el("w:tblLayout", type="fixed"),
        )  # fmt: skip
        grid = el("w:tblGrid", *(el("w:gridCol", w=width) for width in widths))
        made = el("w:tbl", properties, grid, head, *rows)
        # A heading with a single row under it at the foot of a page reads like a mistake.
        _keep_together([head, *(rows[:-1] if _is_small(table) else rows[:1])])
        caption = [paragraph("SansheCaption", self._runs(table.caption))] if table.caption else []
        return [*caption, made, paragraph("SansheAfterTable", [])]

    def _cell(
        self, words: str, width: int, style: str, align: str = "", shade: str = ""
    ) -> Element:
        properties = el(
            "w:tcPr", el("w:tcW", w=width, type="dxa"),
            el("w:shd", val="clear", color="auto", fill=shade) if shade else None,
            el("w:vAlign", val="center"),
        )  # fmt: skip
        layout = [el("w:jc", val=align)] if align else []
        made = self._runs(words)
        if _LIST.fullmatch(words):
            # Taken as Latin, LibreOffice puts the comma after a number on the next line.
            made = [el("w:r", el("w:rPr", el("w:lang", val="zh-CN")), text(words))]
        return el("w:tc", properties, paragraph(style, made, *layout))


def _shortened(note: Note, quoted: str) -> Note:
    """The note as its footnote needs it: words that stand right before the mark are not repeated.

    `quoted` is what stands there: the words in quotation marks, whole or cut, or something else.
    """
    if quoted.endswith(f"“{note.words}”"):
        return replace(note, words="")
    return replace(
        note, words=cut(note.words, _NOTE_WORDS if quoted.endswith("”") else _ONLY_NOTED)
    )


def _is_small(table: Table) -> bool:
    return len(table.rows) <= _KEPT_ROWS and _words_in(table) <= _KEPT_WORDS


def _words_in(table: Table) -> int:
    return sum(breadth(cell) for row in table.rows for cell in row)


def _keep_together(rows: Sequence[Element]) -> None:
    """Keep each row on the page of the next."""
    for row in rows:
        for properties in row.iter(qn("w:pPr")):
            properties.insert(1, el("w:keepNext"))


def _alignments(table: Table) -> list[str]:
    """Figures to the right, columns of short words in the middle, the others to the left."""
    figures = table.figures
    found = []
    for i, column in enumerate(zip(*table.rows, strict=True)):
        short = max(map(breadth, column)) <= 8
        found.append("right" if i in figures else "center" if short else "")
    return found or [""] * len(table.head)


def _align(words: str, column: str) -> str:
    """A blank among figures is words, and stands as words."""
    return "" if column == "right" and "【" in words else column


def breadth(words: str) -> int:
    """Half-characters: a Chinese character counts as two; a footnote mark as one."""
    shown = re.sub(r"\[\^[^\]]*\]", "°", words)
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in shown)


def column_widths(table: Table) -> list[int]:
    """Widths that fill the text area: short columns get what they need, long ones share the rest
    by a root of what they hold, so that rows stay low."""
    columns = list(zip(table.head, *table.rows, strict=True))
    room = _TEXT_WIDTH // _HALF
    pad = -(-_PADDING // _HALF)
    needs = [max(breadth(column[0]), *map(breadth, column[1:]), 2) + pad for column in columns]
    if sum(needs) <= room:
        shares = [float(need) for need in needs]
        return _whole([share * room / sum(shares) for share in shares])
    least = [min(need, max((breadth(column[0]) + 1) // 2, _longest_figure(column), _LEAST) + pad)
             for need, column in zip(needs, columns, strict=True)]  # fmt: skip
    weights = [(sum(breadth(cell) for cell in column[1:]) + 1) ** 0.7 for column in columns]
    fixed: dict[int, float] = {}
    while True:
        free = [i for i in range(len(columns)) if i not in fixed]
        left = room - sum(fixed.values())
        total = sum(weights[i] for i in free)
        given = {i: left * weights[i] / total for i in free} if free else {}
        enough = {i: float(needs[i]) for i in free if needs[i] <= given[i]}
        small = {i: float(least[i]) for i in free if least[i] > given[i]}
        if not enough and not small:
            return _whole([fixed.get(i, given.get(i, 0.0)) for i in range(len(columns))])
        fixed.update(enough or small)


def _longest_figure(column: Sequence[str]) -> int:
    """The longest piece that must not be broken: a number (or three), a Latin word, a blank."""
    pieces = (piece for cell in column for piece in _WHOLE.findall(cell))
    return max(map(breadth, pieces), default=0)


def _whole(shares: Sequence[float]) -> list[int]:
    """Shares in half-characters as widths that sum exactly to the text area."""
    total = sum(max(share, 1.0) for share in shares)
    widths = [int(max(share, 1.0) / total * _TEXT_WIDTH) for share in shares]
    widths[-1] += _TEXT_WIDTH - sum(widths)
    return widths
