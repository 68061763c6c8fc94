"""Whatever the program writes into a log, a person can read."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import sanshe
from sanshe.core.verbs import VERBS

CODE = Path(sanshe.__file__).parent
WRITERS = {"record": 1, "record_access": 1}


def verbs_written() -> Iterator[tuple[str, str]]:
    """Every verb named where a line is written: (verb, file)."""
    for path in sorted(CODE.rglob("*.py")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            place = WRITERS.get(node.func.id)
            if place is None or len(node.args) <= place:
                continue
            for part in ast.walk(node.args[place]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value, path.relative_to(CODE).as_posix()


def test_every_verb_written_into_a_log_has_words() -> None:
    wordless = {(verb, path) for verb, path in verbs_written() if verb not in VERBS}
    assert not wordless, "name them in core/verbs.py"


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_words_of_a_verb_are_chinese_in_chinese(verb: str) -> None:
    with translation.override("zh-hans"):
        assert not str(VERBS[verb]).isascii()
