"""A smallest .xls (BIFF8 in a compound file), so that tests need no spreadsheet program."""

import struct
from collections.abc import Sequence

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
Merge = tuple[int, int, int, int]


def xls(
    rows: Sequence[Sequence[str | float | None]],
    *,
    merges: Sequence[Merge] = (),
    password: bool = False,
    hidden: Sequence[Sequence[str | float | None]] = (),
) -> bytes:
    """The bytes of a workbook with one visible sheet 表, and a hidden one if rows are given."""
    sheets = [("表", 0, rows, merges)]
    if hidden:
        sheets.append(("隐藏", 1, hidden, ()))
    return compound({"Workbook": _workbook(sheets, password)})


def _workbook(sheets, password):  # type: ignore[no-untyped-def]
    bodies = [_sheet(rows, merges) for _, _, rows, merges in sheets]
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    if password:
        start += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + b"\x07" * 48)
    names = [name.encode("utf-16-le") for name, *_ in sheets]
    size = len(start) + sum(4 + 8 + len(name) for name in names) + 4
    bounds = b""
    for (_, visible, *_), name, body in zip(sheets, names, bodies, strict=True):
        about = struct.pack("<IBBBB", size, visible, 0, len(name) // 2, 1) + name
        bounds += _record(0x0085, about)
        size += len(body)
    return start + bounds + _record(0x000A, b"") + b"".join(bodies)


def _sheet(rows, merges) -> bytes:  # type: ignore[no-untyped-def]
    out = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", at, column, 0)
            if isinstance(cell, str):
                word = cell.encode("utf-16-le")
                out += _record(0x0204, place + struct.pack("<HB", len(word) // 2, 1) + word)
            elif cell is not None:
                out += _record(0x0203, place + struct.pack("<d", cell))
    if merges:
        spans = b"".join(struct.pack("<HHHH", t, b, left, r) for t, left, b, r in merges)
        out += _record(0x00E5, struct.pack("<H", len(merges)) + spans)
    return out + _record(0x000A, b"")


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (OLE) with these streams, each long enough to need no small sectors."""
    sectors: list[bytes] = [b"", b""]  # 0: allocation table, 1: directory
    chain = [_FAT, _END]
    entries = [_entry("Root Entry", 5, _END, 0, child=1 if streams else _FREE)]
    for at, (name, data) in enumerate(streams.items()):
        data = data.ljust(4096, b"\x00")
        start = len(sectors)
        count = -(-len(data) // _SECTOR)
        for index in range(count):
            piece = data[index * _SECTOR : (index + 1) * _SECTOR]
            sectors.append(piece.ljust(_SECTOR, b"\x00"))
            chain.append(start + index + 1 if index + 1 < count else _END)
        right = at + 2 if at + 1 < len(streams) else _FREE
        entries.append(_entry(name, 2, start, len(data), right=right))
    assert len(chain) <= _SECTOR // 4 and len(entries) <= 4
    sectors[0] = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    sectors[1] = b"".join(entries).ljust(_SECTOR, b"\x00")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 6
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", 0, *[_FREE] * 108)
    return head + b"".join(sectors)


def _entry(
    name: str, kind: int, start: int, size: int, *, child: int = _FREE, right: int = _FREE
) -> bytes:
    word = name.encode("utf-16-le") + b"\x00\x00"
    links = struct.pack("<III", _FREE, right, child)
    tail = b"\x00" * 36 + struct.pack("<IQ", start, size)
    return word.ljust(64, b"\x00") + struct.pack("<HBB", len(word), kind, 1) + links + tail
