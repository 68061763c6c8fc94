"""What changed between two texts: what a reader sees, and what it may cost."""

from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshe.engine.draft import blocks_of
from sanshe.projects.selectors.differences import BUDGET, Effort, Piece, words_between
from sanshe.projects.selectors.stale import unsupported_in

LENGTH = 200_000
_DICE = Random(3)


def letters(count: int) -> str:
    """Words of two letters: everything is like everything, the worst for comparing."""
    return "".join(_DICE.choice("甲乙") for _ in range(count))


def numbered(word: str) -> str:
    return "".join(f"第{n}户{word if n % 2 else '没人'}。" for n in range(LENGTH // 8))


LONG = {
    "one sentence": ("啊" * LENGTH, "哦" * LENGTH),
    "one sentence again and again": ("啊。" * (LENGTH // 2), "啊。" * (LENGTH // 2 - 1) + "哦。"),
    "every other sentence": (numbered("有人"), numbered("缺人")),
    "nothing but alike": (
        "".join(f"{letters(600)}。{n}。" for n in range(LENGTH // 600)),
        "".join(f"{letters(600)}。{n}。" for n in range(LENGTH // 600)),
    ),
    "lines alike": ("甲。\n" * (LENGTH // 3), "乙。\n" * (LENGTH // 3)),
}


@pytest.mark.parametrize("name", LONG)
def test_long_texts_cost_what_a_page_may_cost(name: str) -> None:
    before, after = LONG[name]
    effort, start = Effort(), process_time()
    pieces = words_between(before, after, effort)
    assert effort.spent <= BUDGET
    assert process_time() - start < 20
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "removed") == after


def test_the_one_changed_sentence_among_many_is_found() -> None:
    pieces = words_between(*LONG["one sentence again and again"])
    assert pieces[1:] == (Piece("removed", "啊。"), Piece("added", "哦。"))


def test_a_changed_word_is_shown_inside_its_sentence() -> None:
    assert words_between("居民希望有路灯。天黑了。", "居民希望有长椅。天黑了。") == (
        Piece("same", "居民希望有"),
        Piece("removed", "路灯"),
        Piece("added", "长椅"),
        Piece("same", "。天黑了。"),
    )


def test_a_moved_sentence_is_taken_out_and_put_in() -> None:
    pieces = words_between("甲在前。乙在中。丙在后。", "乙在中。丙在后。甲在前。")
    assert [p.kind for p in pieces] == ["removed", "same", "added"]


@given(st.text("甲乙。\n", max_size=60), st.text("甲乙。\n", max_size=60))
def test_the_pieces_make_both_texts(before: str, after: str) -> None:
    pieces = words_between(before, after)
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "removed") == after


@pytest.mark.parametrize(
    "text",
    ["“" * LENGTH, "一" * LENGTH, "。[^" * (LENGTH // 3), "“”" * (LENGTH // 2), "表 " * LENGTH,
     "- 甲\n" * (LENGTH // 4), "一人。" * (LENGTH // 3), "【待填：" * (LENGTH // 4)],
)  # fmt: skip
def test_looking_for_claims_in_a_long_section_takes_a_moment(text: str) -> None:
    start = process_time()
    unsupported_in(3, blocks_of(text))
    assert process_time() - start < 10
