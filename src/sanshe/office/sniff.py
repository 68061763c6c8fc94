"""What a file really is, by its bytes; names lie in every office."""

import struct
import zipfile
from pathlib import Path

from sanshe.office import limits
from sanshe.office.limits import Refused

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK_START = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = 0x002F
_STRANGERS = [
    (b"%PDF", "PDF 文件", "a PDF"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
    (b"Rar!", "压缩包", "an archive"),
    (b"7z\xbc\xaf", "压缩包", "an archive"),
    (b"\x1f\x8b", "压缩包", "an archive"),
    (b"SQLite format 3", "数据库文件", "a database"),
    (b"\x7fELF", "程序文件", "a program"),
    (b"MZ\x90", "程序文件", "a program"),
]
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta", b"<style", b"<script")


def kind_of(path: Path) -> str:
    """One of xlsx, ods, docx, xls, parquet, text.

    Raises:
        Refused: empty, password, wrong_kind, damaged.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise Refused("empty")
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head.startswith(_OLE):
        return _ole_kind(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    for magic, chinese, english in _STRANGERS:
        if head.startswith(magic):
            raise Refused("wrong_kind", chinese, english)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = head[2:].replace(b"\x00", b"").lstrip()[:200].lower()
    if start.startswith(_MARKUP) or start.startswith(b"<") and b"<table" in head.lower():
        raise Refused("wrong_kind", "网页或 XML 文件", "a web page or XML")
    return "text"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refused("damaged", "压缩结构不完整", "broken archive") from error
    if len(infos) > limits.MAX_MEMBERS:
        raise Refused("bomb", f"{len(infos)} 个部分", f"{len(infos)} parts")
    names = {info.filename for info in infos}
    if "xl/workbook.bin" in names:
        raise Refused("wrong_kind", "二进制工作簿（.xlsb）", "a binary workbook (.xlsb)")
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("ppt/") for name in names):
        raise Refused("wrong_kind", "演示文稿", "a presentation")
    if "content.xml" in names:
        return "ods"
    if "EncryptedPackage" in names:
        raise Refused("password")
    raise Refused("wrong_kind", "压缩包", "an archive")


def _ole_kind(path: Path) -> str:
    data = path.read_bytes()
    if _named(data, "EncryptedPackage"):
        raise Refused("password")
    if _named(data, "WordDocument"):
        raise Refused("wrong_kind", "旧版 Word 文档（.doc）", "an old Word document (.doc)")
    if _named(data, "PowerPoint Document"):
        raise Refused("wrong_kind", "演示文稿", "a presentation")
    if _named(data, "Workbook") or _named(data, "Book"):
        if _locked(data):
            raise Refused("password")
        return "xls"
    raise Refused("damaged", "没有工作簿", "no workbook inside")


def _locked(data: bytes) -> bool:
    """Whether the workbook stream (it begins a sector) holds a FILEPASS record near its start."""
    at = data.find(_WORKBOOK_START)
    while at >= 0 and at % 512:
        at = data.find(_WORKBOOK_START, at + 1)
    for _ in range(12):
        if at < 0 or at + 4 > len(data):
            return False
        kind, size = struct.unpack_from("<HH", data, at)
        if kind == _FILEPASS:
            return True
        at += 4 + size
    return False


def _named(data: bytes, name: str) -> bool:
    return name.encode("utf-16-le") in data
