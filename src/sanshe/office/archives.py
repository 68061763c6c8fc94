"""Zip packages (xlsx, ods, docx) are weighed before anything parses them."""

import zipfile
import zlib
from pathlib import Path

from sanshe.office import limits
from sanshe.office.limits import Refused

_CHUNK = 1 << 20
_DECLARATIONS = [
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le")
] + [word.encode("utf-16-be") for word in ("<!DOCTYPE", "<!ENTITY")]
_OVERLAP = 32


def weigh(path: Path) -> None:
    """Check sizes as declared, then as they really are, and that no part declares entities.

    Raises:
        Refused: bomb, entities, password, damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            _weigh_declared(infos, path.stat().st_size)
            for info in infos:
                if info.flag_bits & 1:
                    raise Refused("password")
                if info.filename.lower().endswith((".xml", ".rels")):
                    _weigh_real(archive, info)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise Refused("damaged", "压缩数据有误", "broken archive data") from error


def _weigh_declared(infos: list[zipfile.ZipInfo], size: int) -> None:
    total = sum(info.file_size for info in infos)
    megabytes = f"{total >> 20} MB"
    if total > limits.MAX_UNPACKED_BYTES:
        raise Refused("bomb", megabytes)
    if total > limits.RATIO_FROM_BYTES and total > size * limits.MAX_RATIO:
        raise Refused("bomb", megabytes)
    if len({info.filename for info in infos}) != len(infos):
        raise Refused("damaged", "重复的部分", "parts stored twice")


def _weigh_real(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    seen = 0
    tail = b""
    with archive.open(info) as part:
        while chunk := part.read(_CHUNK):
            seen += len(chunk)
            if seen > info.file_size:
                raise Refused("bomb", f"{seen >> 20} MB")
            window = tail + chunk
            if any(word in window for word in _DECLARATIONS):
                raise Refused("entities", info.filename)
            tail = chunk[-_OVERLAP:]
