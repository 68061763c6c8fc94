"""Sentences about rows have an English twin."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sanshe.office import english
from sanshe.office.english import SENTENCES, in_english

_OFFICE = Path(english.__file__).parent
#: Who takes a sentence about a row: the call, and where the sentence stands among its arguments.
_SPEAKERS = {"fail": 2, "warn": 1, "warn_sheet": 1, "_leave": 2, "BadDate": 0, "AmbiguousDate": 0}
_CJK = re.compile("[一-鿿]")


def _sentences() -> Iterator[str]:
    """Every sentence in the readers' sources, with 7 for what the table would say."""
    for path in sorted(_OFFICE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            place = _SPEAKERS.get(name, 99)
            if len(node.args) > place and _CJK.search(said := _filled(node.args[place])):
                yield said


def _filled(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values
        )
    return ""


def test_every_sentence_of_a_reader_has_an_english_twin() -> None:
    found = set(_sentences())
    assert len(found) > 25
    assert [said for said in found if in_english(said) == said] == []


def test_an_english_sentence_says_everything_the_chinese_one_says() -> None:
    for chinese, said in SENTENCES.items():
        names = set(re.findall(r"\{(\w+)\}", chinese))
        assert set(re.findall(r"\{(\w+)\}", said)) == names, chinese


@pytest.mark.parametrize(
    ("chinese", "said"),
    [
        ("“二月三十”不是日期", "“二月三十” is not a date"),
        (
            "找不到社区“花园”，是否指花园城社区、花园村；请写 12 位代码或全称",
            "There is no community “花园”; is it 花园城社区, 花园村? Write the 12-digit code or "
            "full name",
        ),
        ("与工作表“一”第 5 行完全相同", "Exactly the same as row 5 of the sheet “一”"),
        (
            "“3/4”可读作3月4日或4月3日，请写成 2026-03-01 的样式",
            "“3/4” can be read as 3月4日 or 4月3日; write it like 2026-03-01",
        ),
        ("一句别的话", "一句别的话"),
    ],
)
def test_a_sentence_is_read_in_english(chinese: str, said: str) -> None:
    assert in_english(chinese) == said
