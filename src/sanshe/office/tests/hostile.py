"""Files that mean harm, made small enough to keep in a test."""

import io
import zipfile
from pathlib import Path

import xlsxwriter

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROOT = (
    f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="表" sheetId="1" '
    'r:id="r1"/></sheets></workbook>'
)
_BOOK_RELS = (
    f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)


def xlsx(sheet_data: bytes, *, before: bytes = b"", extra: bytes = b"") -> bytes:
    """A hand-made workbook with these bytes inside <sheetData>."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _ROOT)
        archive.writestr("xl/workbook.xml", _BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", _BOOK_RELS)
        start = b'<?xml version="1.0" encoding="UTF-8"?>' + before
        start += f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
        end = b"</sheetData>" + extra + b"</worksheet>"
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(start)
            for at in range(0, len(sheet_data), 1 << 20):
                part.write(sheet_data[at : at + (1 << 20)])
            part.write(end)
    return memory.getvalue()


def text_cell(place: str, words: str) -> bytes:
    """One cell with its text inside."""
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'.encode()


def row(number: int, *cells: bytes) -> bytes:
    """One row of cells."""
    return f'<row r="{number}">'.encode() + b"".join(cells) + b"</row>"


def zip_bomb(path: Path, megabytes: int) -> None:
    """A workbook of a few kilobytes a megabyte that unpacks to `megabytes`."""
    blank = b" " * (1 << 20)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _ROOT)
        archive.writestr("xl/workbook.xml", _BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", _BOOK_RELS)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(megabytes):
                part.write(blank)


def lying_bomb(path: Path, megabytes: int) -> None:
    """A bomb whose directory says that it unpacks to 100 bytes."""
    zip_bomb(path, megabytes)
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        if b"sheet1.xml" in data[at : at + 100]:
            data[at + 24 : at + 28] = (100).to_bytes(4, "little")
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(bytes(data))


def laughs() -> bytes:
    """A document type in which a few letters grow to a billion."""
    lines = [b'<!DOCTYPE x [<!ENTITY l0 "ha">']
    for level in range(1, 10):
        lines.append(b'<!ENTITY l%d "%s">' % (level, (b"&l%d;" % (level - 1)) * 10))
    return b"".join(lines) + b"]>"


def styled_rows(path: Path, rows: int) -> None:
    """A workbook whose empty rows are all formatted, as Ctrl+A does."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        grey = book.add_format({"bg_color": "#eeeeee"})
        sheet = book.add_worksheet("表")
        for at, word in enumerate(("反映内容", "社区")):
            sheet.write_string(0, at, word)
        sheet.write_row(1, 0, ["晚上没有路灯，老人不敢出门", "花园城社区"])
        for at in range(2, rows):
            for column in range(4):
                sheet.write_blank(at, column, None, grey)
