"""Text tables: encoding, separator and quotes are found out, never asked for."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sanshe.office import limits
from sanshe.office.grids import Grid, Meter
from sanshe.office.limits import Refused

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_SEPARATORS = ",;\t|"
_SAMPLE_ROWS = 60
_MAX_LINES_IN_CELL = 300
_BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]


def read(path: Path, name: str) -> list[Grid]:
    """The one table of a text file; its rows are counted as a spreadsheet would show them."""
    text = decode(path.read_bytes())
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        separator, text = first.strip()[4], rest
    else:
        separator = find_separator(text)
    return [Grid(name, stream=map(Meter().take, _records(text, separator)))]


def decode(data: bytes) -> str:
    """UTF-8, UTF-8 or UTF-16 with a mark, else GB18030.

    Raises:
        Refused: encoding, with the line; or wrong_kind for what is not text at all.
    """
    for mark, code in _BOMS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], code)
    if b"\x00" in data:
        raise Refused("wrong_kind", "二进制数据（含空字节）", "binary data (NUL bytes)")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        lenient = data.decode("utf-8", "replace")
        broken = lenient.count("�")
        if broken * 20 < sum(char > "ÿ" for char in lenient):
            raise Refused("encoding", str(data.count(b"\n", 0, error.start) + 1)) from error
    text = _strict(data, "gb18030")
    odd = sum(char < " " and char not in "\t\r\n\f\v" for char in text)
    strange = sum("\ue000" <= char <= "\uf8ff" or char > "\U0001ffff" for char in text)
    if odd * 50 > len(text) or strange * 20 > len(text):
        raise Refused("wrong_kind", "二进制数据", "binary data")
    return text


def _strict(data: bytes, code: str) -> str:
    try:
        text = data.decode(code)
    except UnicodeDecodeError as error:
        head = data[: error.start]
        printable = sum(byte >= 32 or byte in (9, 10, 13) for byte in data[:4096])
        if printable * 10 < min(len(data), 4096) * 9:
            raise Refused("wrong_kind", "二进制数据", "binary data") from error
        raise Refused("encoding", str(head.count(b"\n") + 1)) from error
    if "\x00" in text:
        raise Refused("wrong_kind", "二进制数据（含空字节）", "binary data (NUL bytes)")
    return text


def find_separator(text: str) -> str:
    """The separator that cuts the first rows most evenly; a comma where nothing does."""
    best, best_score = ",", (0.0, 0)
    sample = text[:200_000]
    for separator in _SEPARATORS:
        widths = _widths(sample, separator)
        cut = Counter(width for width in widths if width > 1)
        if not cut:
            continue
        width, times = max(cut.items(), key=lambda item: (item[1], item[0]))
        score = (round(times / len(widths), 1), width)
        if score > best_score:
            best, best_score = separator, score
    return best


def _widths(sample: str, separator: str) -> list[int]:
    widths: list[int] = []
    csv.field_size_limit(limits.MAX_CELL_CHARS)
    try:
        for record in csv.reader(_lines(sample), delimiter=separator):
            if any(record):
                widths.append(len(record))
            if len(widths) >= _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return widths


def _records(text: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(limits.MAX_CELL_CHARS)
    reader = csv.reader(_lines(text), delimiter=separator)
    started = ended = 0
    try:
        for record in reader:
            started, ended = ended, reader.line_num
            if ended - started > _MAX_LINES_IN_CELL:
                raise Refused("quotes", str(started + 1))
            yield record
    except csv.Error as error:
        raise Refused("quotes", str(ended + 1)) from error
    if _ends_open(text, separator):
        raise Refused("quotes", str(started + 1))


def _lines(text: str) -> Iterator[str]:
    return (line.group() for line in _LINE.finditer(text))


def _ends_open(text: str, separator: str) -> bool:
    """Whether the file ends inside a quoted cell; only its odd tail needs a second look."""
    if text.count('"') % 2 == 0:
        return False
    strict = csv.reader(_lines(text), delimiter=separator, strict=True)
    try:
        for _ in strict:
            pass
    except csv.Error as error:
        return "end of data" in str(error)
    return False
