"""A model takes the place of another only where it does no worse, chance left aside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshe.engine.classify import NONE, Row
from sanshe.engine.learn import learn
from sanshe.engine.tests.test_classify import LAMPS, MEALS, PARKING, TREE, rows
from sanshe.engine.trial import MEASURES, Loss, allowed_fall, losses

BASE = {"safety_recall": 0.93, "safety_precision": 0.55, "category": 0.65, "top1": 0.57}
COUNTS = {"base_harm": 2000, "base_flags": 3500, "base_needs": 15000}
SAME = COUNTS | {f"base_{measure}": share for measure, share in BASE.items()}


def test_no_worse_is_good_enough() -> None:
    assert losses(BASE, SAME) == []
    assert losses(BASE, SAME | {"base_top1": 0.60}) == []


@pytest.mark.parametrize(("measure", "_count"), MEASURES)
def test_each_share_may_fall_by_chance_and_no_further(measure: str, _count: str) -> None:
    before = BASE[measure]
    assert losses(BASE, SAME | {f"base_{measure}": before - 0.003}) == []
    fallen = losses(BASE, SAME | {f"base_{measure}": before - 0.03})
    assert [(loss.measure, loss.where, loss.before) for loss in fallen] == [
        (measure, "base", before)
    ]


def test_the_corrections_are_asked_too() -> None:
    asked = SAME | {"new_needs": 400, "was_top1": 0.85, "new_top1": 0.70}
    assert losses(BASE, asked) == [Loss("top1", "new", 400, 0.85, 0.70)]


def test_few_texts_prove_little() -> None:
    asked = SAME | {"new_harm": 4, "was_safety_recall": 1.0, "new_safety_recall": 0.75}
    assert losses(BASE, asked) == []
    assert losses(BASE, asked | {"new_harm": 400}) != []


def test_a_model_that_raises_no_flag_any_more_has_lost_them_all() -> None:
    silent = {name: share for name, share in SAME.items() if name != "base_safety_recall"}
    assert [loss.measure for loss in losses(BASE, silent)] == ["safety_recall"]


@given(st.floats(0, 1), st.integers(1, 10**6))
def test_more_texts_never_allow_a_deeper_fall(before: float, texts: int) -> None:
    assert 0 < allowed_fall(before, 4 * texts) <= allowed_fall(before, texts)


def test_learning_tells_how_both_do_on_the_same_texts() -> None:
    base = learn(rows(), tree=TREE)
    taught = [Row(f"{text}，请解决", "ENV02", False) for text in PARKING]
    scores = learn(taught, base=base, tree=TREE).scores
    assert scores["base_needs"] == base.scores["needs"]
    assert scores["base_harm"] == base.scores["harm"]
    assert scores["new_needs"] == len(taught)
    assert {"was_top1", "new_top1", "was_category", "new_category"} <= set(scores)
    assert losses(base.scores, scores) == []


def test_many_wrong_corrections_are_found_out() -> None:
    base = learn(rows(), tree=TREE)
    wrong = [Row(f"{text}啊", "ELD03", False) for text in LAMPS * 8]
    wrong += [Row(f"{text}啊{at}", NONE, False) for at in range(8) for text in MEALS]
    lost = losses(base.scores, learn(wrong, base=base, tree=TREE).scores)
    assert {"top1", "category"} & {loss.measure for loss in lost}
