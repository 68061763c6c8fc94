"""Learning: from any table, from few rows, from corrections, always the same way."""

import pytest

from sanshe.engine.classify import NONE, Row, pack
from sanshe.engine.learn import learn
from sanshe.engine.safety import certain, signs
from sanshe.engine.tests.test_classify import LAMPS, MEALS, NOISE, PARKING, TREE, rows


def test_any_two_labels_can_be_learned_without_a_tree() -> None:
    table = [Row(text, "好") for text in MEALS] + [Row(text, "坏") for text in LAMPS]
    model = learn(table)
    assert model.labels == ("坏", "好")
    assert model.classify(["路灯又坏了"])[0].alternatives[0][0] == "坏"


def test_a_label_with_a_single_text_is_learned_too() -> None:
    table = [Row(text, "A") for text in MEALS] + [Row(text, "C") for text in LAMPS]
    verdict = learn([*table, Row("停车位太少", "B")]).classify(["停车位太少"])[0]
    assert "B" in [label for label, _ in verdict.alternatives]


def test_the_same_rows_and_seed_give_the_same_model() -> None:
    first, second = learn(rows(), tree=TREE, seed=3), learn(rows(), tree=TREE, seed=3)
    assert first.version == second.version
    assert first.scores == second.scores
    assert pack(first) == pack(second)


def test_other_rows_give_another_version() -> None:
    assert learn(rows()).version != learn(rows()[:-1]).version


def test_a_model_knows_its_own_scores() -> None:
    scores = learn(rows(), tree=TREE).scores
    assert {"top1", "top3", "category", "ece", "noise_silent", "safety_recall"} <= set(scores)
    counts = {"rows", "needs", "harm", "flags"}
    shares = [value for name, value in scores.items() if name not in counts]
    assert all(0 <= value <= 1 for value in shares)


def test_corrections_teach_a_base_model_a_new_label() -> None:
    base = learn([r for r in rows() if r.label != "ENV02"], tree=TREE)
    taught = learn([Row(text, "ENV02", False) for text in PARKING], base=base)
    assert taught.classify(["晚上停车难得很"])[0].alternatives[0][0] == "ENV02"
    assert taught.classify(["路灯坏了"])[0].alternatives[0][0] == "ENV03"
    assert taught.parents["ENV03"] == "ENV"


def test_a_correction_replaces_what_the_base_learned_of_the_same_text() -> None:
    base = learn(rows(), tree=TREE)
    taught = learn([Row("路灯坏了没人修", "ELD03", False)], base=base)
    assert [r.label for r in taught.rows if r.text == "路灯坏了没人修"] == ["ELD03"]


def test_a_correction_learned_twice_keeps_its_weight() -> None:
    base = learn(rows(), tree=TREE)
    once = learn([Row("灯泡要换", "ENV03", False)], base=base)
    again = learn([Row("灯泡要换", "ENV03", False)], base=once)
    weights = [r.weight for r in again.rows if r.text == "灯泡要换"]
    assert weights == [r.weight for r in once.rows if r.text == "灯泡要换"]


def test_a_table_without_harm_raises_the_flag_only_for_certain_words() -> None:
    table = [Row(text, "A") for text in MEALS] + [Row(text, "B") for text in LAMPS]
    table += [Row(text, NONE) for text in NOISE]
    model = learn(table)
    flags = [v.safety for v in model.classify(["路灯不亮", "我不想活了", "吃饭难"])]
    assert flags == [False, True, False]


@pytest.mark.parametrize(
    "text", ["我真的不想活了", "我老公喝了酒打我", "孩子被邻居猥亵", "他写了遗书"]
)
def test_plain_words_of_harm_are_certain(text: str) -> None:
    assert certain(text)


@pytest.mark.parametrize(
    "text", ["想听防性侵的讲座", "电视剧里她不想活了", "热得要死", "打老婆的电话", "跳楼价大甩卖"]
)
def test_lessons_films_and_idioms_are_not_certain(text: str) -> None:
    assert not certain(text)


def test_idioms_count_as_harmless_and_bruises_as_hints() -> None:
    idiom, bruises = signs(["热得要死，跳楼价", "他身上青一块紫一块，问他就躲"])
    harmless = idiom[-3]
    assert harmless > 0
    harmless, _length, hints = bruises[-3:]
    assert hints > 0
    assert harmless == 0
