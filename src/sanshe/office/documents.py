"""The tables of a Word document, each as one sheet; words before a table are its notes."""

import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

from sanshe.office.grids import Grid, Meter, Range, fill_merged, trim
from sanshe.office.limits import Refused

_SKIPPED = {"txbxContent", "Fallback", "delText", "instrText", "pict"}


def read(path: Path) -> list[Grid]:
    """Every top-level table.

    Raises:
        Refused: no_table, damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open("word/document.xml") as part:
            root = ET.parse(part).getroot()
    except (KeyError, ET.ParseError, RecursionError) as error:
        raise Refused("damaged", "文档内容有误", "broken document") from error
    body = next((child for child in root if _tag(child) == "body"), None)
    meter = Meter()
    grids: list[Grid] = []
    notes: list[str] = []
    for block in _blocks(body):
        if _tag(block) == "tbl":
            grid = _table(block, f"表{len(grids) + 1}", meter)
            grid.notes = notes
            notes = []
            grids.append(grid)
        elif words := _text(block).strip():
            notes.append(words)
    if not grids:
        raise Refused("no_table")
    return grids


def _blocks(body: ET.Element | None) -> list[ET.Element]:
    """Paragraphs and tables in order, also inside content controls."""
    found: list[ET.Element] = []
    for child in body if body is not None else ():
        if _tag(child) == "sdt":
            for content in child:
                if _tag(content) == "sdtContent":
                    found.extend(_blocks(content))
        elif _tag(child) in ("p", "tbl"):
            found.append(child)
    return found


def _table(table: ET.Element, name: str, meter: Meter) -> Grid:
    grid = Grid(name)
    ranges: list[Range] = []
    open_at: dict[int, tuple[int, int]] = {}
    for at, row in enumerate(_children(table, "tr")):
        cells: list[object] = [None] * _number(row, "trPr", "gridBefore", 0)
        for cell in _children(row, "tc"):
            column = len(cells)
            span = min(_number(cell, "tcPr", "gridSpan", 1), 2_000)
            merge = _property(cell, "tcPr", "vMerge")
            going_on = merge is not None and _value(merge) != "restart"
            if going_on and column in open_at:
                top, right = open_at[column]
                ranges.append((top, column, at, right))
                cells.extend([None] * span)
            else:
                open_at.pop(column, None)
                if merge is not None:
                    open_at[column] = (at, column + span - 1)
                if span > 1:
                    ranges.append((at, column, at, column + span - 1))
                cells.append(_text(cell).strip())
                cells.extend([None] * (span - 1))
        grid.rows.append(meter.take(cells))
    trim(grid)
    fill_merged(grid, _longest(ranges))
    return grid


def _longest(ranges: list[Range]) -> list[Range]:
    """Each merged range once: a vertical one grew row by row while it was read."""
    best: dict[tuple[int, int], Range] = {}
    for top, left, bottom, right in ranges:
        best[(top, left)] = (top, left, bottom, right)
    return list(best.values())


def _text(element: ET.Element) -> str:
    """The words of a paragraph or cell; paragraphs become lines."""
    words: list[str] = []
    _collect(element, words)
    return "".join(words)


def _collect(element: ET.Element, words: list[str]) -> None:
    tag = _tag(element)
    if tag in _SKIPPED:
        return
    if tag == "t":
        words.append(element.text or "")
    elif tag in ("br", "cr"):
        words.append("\n")
    elif tag == "tab":
        words.append("\t")
    for child in element:
        if tag != "pPr":
            _collect(child, words)
    if tag == "p":
        words.append("\n")


def _children(element: ET.Element, tag: str) -> list[ET.Element]:
    found: list[ET.Element] = []
    for child in element:
        if _tag(child) == tag:
            found.append(child)
        elif _tag(child) in ("sdt", "sdtContent", "ins"):
            found.extend(_children(child, tag))
    return found


def _property(element: ET.Element, group: str, tag: str) -> ET.Element | None:
    for child in element:
        if _tag(child) == group:
            return next((inner for inner in child if _tag(inner) == tag), None)
    return None


def _number(element: ET.Element, group: str, tag: str, default: int) -> int:
    found = _property(element, group, tag)
    value = _value(found) if found is not None else ""
    return int(value) if value.isdecimal() and len(value) < 5 else default


def _value(element: ET.Element) -> str:
    return next((value for key, value in element.attrib.items() if key.endswith("}val")), "")


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
