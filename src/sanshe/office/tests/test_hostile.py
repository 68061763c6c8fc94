"""Files that mean harm are refused in time and in memory, and never take the program along."""

import os
import random
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sanshe.office import limits
from sanshe.office.errors import REFUSALS, OfficeError
from sanshe.office.tables import read_book
from sanshe.office.tests import hostile
from sanshe.office.tests.biff import compound, xls

SECONDS = 10.0
MEGABYTES = 1024
CELLS = (hostile.text_cell("A1", "反映内容"), hostile.text_cell("B1", "社区"))
GOOD = hostile.xlsx(hostile.row(1, *CELLS) + hostile.row(2, hostile.text_cell("A2", "没有路灯")))
NOISE = random.Random(1).randbytes(100_000)


def held() -> int:
    """Megabytes that the greatest child of this process so far has held."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def grown(before: int) -> int:
    """What a reader held where it was greater than every child before it; else 0.

    A reader is counted as large as this process until it runs its own program, so what this
    process holds says nothing about it.
    """
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return held() if held() > max(before, own) else 0


def refused(path: Path) -> str:
    """The code of the refusal; checks its sentence, its time and its memory."""
    start, before = time.perf_counter(), held()
    with pytest.raises(OfficeError) as caught:
        read_book(path)
    assert time.perf_counter() - start < SECONDS
    assert grown(before) < MEGABYTES
    error = caught.value
    assert error.code in REFUSALS
    assert error.message.endswith("。") and "\n" not in error.message
    assert path.name in error.message and path.name in error.message_en
    return error.code


def holding(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


FILES: list[tuple[str, str, Callable[[Path], object]]] = [
    ("bomb.xlsx", "bomb", lambda path: hostile.zip_bomb(path, 700)),
    ("great_bomb.xlsx", "bomb", lambda path: hostile.zip_bomb(path, 1500)),
    ("lying_bomb.xlsx", "damaged", lambda path: hostile.lying_bomb(path, 300)),
    ("laughs.xlsx", "entities", holding(hostile.xlsx(b"", before=hostile.laughs()))),
    (
        "entity.xlsx",
        "entities",
        holding(hostile.xlsx(b"", before=b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/x">]>')),
    ),
    ("page.xlsx", "wrong_kind", holding(b"<html><table><tr><td>a</td></tr></table></html>")),
    ("cut.xlsx", "damaged", holding(GOOD[: len(GOOD) // 2])),
    ("cut_end.xlsx", "damaged", holding(GOOD[:-30])),
    ("cut.xls", "damaged", holding(xls([["反映内容"]])[:600])),
    ("noise.csv", "wrong_kind", holding(NOISE)),
    ("noise.xlsx", "damaged", holding(b"PK\x03\x04" + NOISE)),
    ("noise.xls", "damaged", holding(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE)),
    ("noise.parquet", "damaged", holding(b"PAR1" + NOISE + b"PAR1")),
    ("nul.csv", "wrong_kind", holding("反映内容\n没有\0路灯\n".encode())),
    ("nul_only.csv", "empty", holding(b"\0" * 5000)),
    ("columns.csv", "too_big", holding(("反映内容" + "," * 1_000_000 + "x\n").encode())),
    ("quote.csv", "quotes", holding('反映内容,社区\n"没有路灯,花园城\n'.encode())),
    ("cell.csv", "quotes", holding(b'"' + b"a" * 3_000_000 + b'"\n')),
    ("broken.csv", "encoding", holding("没有路灯，花园城\n".encode() * 90 + b"\xff\xfe\n")),
    ("blank.csv", "empty", holding(b"\n\n  \n")),
    ("empty.xlsx", "empty", holding(b"")),
    ("password.xls", "password", holding(xls([["反映内容"]], password=True))),
    (
        "password.xlsx",
        "password",
        holding(compound({"EncryptionInfo": b"x" * 5000, "EncryptedPackage": b"y" * 5000})),
    ),
    ("old.doc", "wrong_kind", holding(compound({"WordDocument": b"x" * 5000}))),
    ("paper.pdf", "wrong_kind", holding(b"%PDF-1.7\n...")),
    (
        "far.xlsx",
        "too_hungry",
        holding(
            hostile.xlsx(
                hostile.row(1, *CELLS) + hostile.row(1048576, hostile.text_cell("XFD1048576", "x"))
            )
        ),
    ),
    (
        "beyond.xlsx",
        "too_hungry",
        holding(hostile.xlsx(hostile.row(9, hostile.text_cell("ZZZZZZ99999999", "x")) * 2)),
    ),
]


@pytest.mark.parametrize(("name", "code", "make"), FILES, ids=[name for name, *_ in FILES])
def test_a_hostile_file_is_refused_whole(
    tmp_path: Path, name: str, code: str, make: Callable[[Path], object]
) -> None:
    path = tmp_path / name
    make(path)
    assert refused(path) == code


def test_a_million_styled_empty_rows_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "styled.xlsx"
    hostile.styled_rows(path, 200_000)
    start = time.perf_counter()
    assert len(read_book(path).sheets[0].rows) == 2
    assert time.perf_counter() - start < SECONDS


def test_a_hundred_thousand_merges_over_everything_do_no_harm(tmp_path: Path) -> None:
    merges = b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 100_000 + b"</mergeCells>"
    path = tmp_path / "merged.xlsx"
    path.write_bytes(hostile.xlsx(hostile.row(1, *CELLS), extra=merges))
    start = time.perf_counter()
    assert read_book(path).sheets[0].rows == [["反映内容", "社区"]]
    assert time.perf_counter() - start < SECONDS


def test_a_table_nested_five_thousand_deep_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.docx"
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    deep = "<w:tbl><w:tr><w:tc>" * 5000 + "</w:tc></w:tr></w:tbl>" * 5000
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{name}"><w:body>{deep}</w:body></w:document>',
        )
    assert refused(path) == "damaged"


def test_links_pipes_and_devices_are_not_opened(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert refused(loop) == "unreadable"
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe") == "not_a_file"
    assert refused(Path("/dev/zero")) == "not_a_file"


def test_a_file_one_may_not_read_is_refused(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = tmp_path / "closed.csv"
    path.write_text("text\nx\n")
    path.chmod(0)
    assert refused(path) == "no_permission"


def test_a_reader_that_never_ends_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text\nx\n")
    monkeypatch.setattr(limits, "BASE_SECONDS", 0.001)
    assert refused(path) == "too_slow"


def test_the_child_cannot_take_more_memory_than_its_fence(tmp_path: Path) -> None:
    greedy = (
        "from sanshe.office import limits; limits.fence(5)\n"
        "try:\n x = bytearray(limits.MEMORY_BYTES)\nexcept MemoryError:\n print('held')"
    )
    source = str(Path(limits.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", greedy],
        env={"PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "held"
    assert limits.MEMORY_BYTES < 1 << 30


def test_every_refusal_speaks_two_languages_and_says_what_to_do() -> None:
    for chinese, english in REFUSALS.values():
        assert chinese.endswith("。") and ("请" in chinese or "；" in chinese)
        assert english.endswith(".")
