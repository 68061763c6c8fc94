"""Merging: what joins, what stays apart, what staff locked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanshe.engine.errors import EngineError
from sanshe.engine.features import encode
from sanshe.engine.merge import Lesson, Scorer, merge
from sanshe.engine.merge.fit import fit_scorer
from sanshe.engine.merge.grouping import Belief

HERE, THERE = "350581001006", "350581102202"
TEXTS = {
    "parking": ["晚上回来没地方停车", "小区车位不够，车都停到路边", "半夜找不到空位停车"],
    "school": ["放学时校门口堵得走不动", "学校门口接孩子的车堵成一团", "放学那会儿学校门口很堵"],
    "meals": ["老人中午没人做饭", "阿公一个人不会煮，中午吃剩饭", "希望有地方给老人吃午饭"],
    "lonely": ["老人一个人在家没人说话", "阿嬷整天一个人，孤单", "独居老人想有人来聊聊天"],
}
LEAF = {"parking": "ENV02", "school": "ENV02", "meals": "ELD03", "lonely": "ELD05"}


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    """A small scorer from three writers; the shipped one has its own figures in `check`."""
    lessons = [
        Lesson(text, matter, LEAF[matter], f"writer{number}", HERE)
        for matter, texts in TEXTS.items()
        for number, text in enumerate(texts)
    ]
    more = [
        Lesson(f"{text}，真的", matter, LEAF[matter], f"writer{number}", HERE)
        for matter, texts in TEXTS.items()
        for number, text in enumerate(texts)
    ]
    every = lessons + more
    return fit_scorer(every, encode([x.text for x in every]), [{x.label: 0.9} for x in every])


def flat() -> tuple[list[str], list[Belief], list[str]]:
    texts = [text for own in TEXTS.values() for text in own]
    labels: list[Belief] = [{LEAF[matter]: 1.0} for matter, own in TEXTS.items() for _ in own]
    matters = [matter for matter, own in TEXTS.items() for _ in own]
    return texts, labels, matters


def test_equal_texts_of_one_place_always_join(scorer: Scorer) -> None:
    groups = merge(["没地方停车"] * 3, [HERE] * 3, [{"ENV02": 1.0}] * 3, scorer)
    assert groups == [0, 0, 0]


def test_places_stay_apart_whatever_is_said(scorer: Scorer) -> None:
    groups = merge(["没地方停车", "没地方停车"], [HERE, THERE], [{"ENV02": 1.0}] * 2, scorer)
    assert groups == [0, 1]


def test_another_leaf_makes_a_pair_unlikelier(scorer: Scorer) -> None:
    items, view = scorer.place(["老人没人管", "老人没人管。"])
    one: Belief = {"ELD05": 1.0}
    alike, apart = (scorer.odds(items, [one, other], view)[0, 1] for other in (one, {"ENV02": 1.0}))
    assert apart < alike


def test_paraphrases_the_scorer_has_read_join_and_other_matters_do_not(scorer: Scorer) -> None:
    texts, labels, matters = flat()
    groups = merge(texts, [HERE] * len(texts), labels, scorer)
    for first in range(len(texts)):
        for second in range(first + 1, len(texts)):
            if matters[first] != matters[second]:
                assert groups[first] != groups[second]
    assert len(set(groups)) < len(texts)


def test_a_locked_group_stays_together_and_two_never_meet(scorer: Scorer) -> None:
    texts, labels, _ = flat()
    places = [HERE] * len(texts)
    locked = {0: 7, 3: 7, 1: 9}
    groups = merge(texts, places, labels, scorer, locked=locked)
    assert groups[0] == groups[3]
    assert groups[1] != groups[0]


def test_a_locked_group_of_two_places_is_refused(scorer: Scorer) -> None:
    with pytest.raises(EngineError):
        merge(["a", "b"], [HERE, THERE], [{}, {}], scorer, locked={0: 1, 1: 1})


def test_sequences_of_different_length_are_refused(scorer: Scorer) -> None:
    with pytest.raises(EngineError):
        merge(["a"], [], [{}], scorer)


def test_nothing_merges_into_nothing(scorer: Scorer) -> None:
    assert merge([], [], [], scorer) == []


@settings(max_examples=15, deadline=None)
@given(order=st.permutations(range(12)))
def test_the_order_of_the_texts_does_not_matter(scorer: Scorer, order: list[int]) -> None:
    texts, labels, _ = flat()
    places = [HERE] * len(texts)
    plain = merge(texts, places, labels, scorer)
    turned = merge([texts[i] for i in order], places, [labels[i] for i in order], scorer)
    for a in range(12):
        for b in range(12):
            assert (turned[a] == turned[b]) == (plain[order[a]] == plain[order[b]])


def test_a_scorer_survives_being_stored(scorer: Scorer) -> None:
    texts, labels, _ = flat()
    places = [HERE] * len(texts)
    again = Scorer.from_bytes(scorer.to_bytes())
    assert merge(texts, places, labels, again) == merge(texts, places, labels, scorer)


def test_bytes_that_are_no_scorer_are_refused() -> None:
    with pytest.raises(EngineError):
        Scorer.from_bytes(b"PK\x03\x04 not a scorer")


def test_a_group_is_named_by_its_first_member(scorer: Scorer) -> None:
    texts, labels, _ = flat()
    groups = merge(texts, [HERE] * len(texts), labels, scorer)
    assert all(groups[first] == first for first in set(groups))


def test_a_large_block_is_cut_and_still_grouped(scorer: Scorer) -> None:
    texts = [f"晚上回来没地方停车{number}" for number in range(1_600)]
    groups = merge(texts, [""] * 1_600, [{}] * 1_600, scorer)
    assert len(groups) == 1_600
    assert len(set(groups)) < 1_600
