"""Verdicts: what they hold, when the model stays silent, and that a file is what was written."""

import pytest

from sanshe.engine.classify import NONE, BadModel, Leaf, Model, Row, classify_many, pack, unpack
from sanshe.engine.classify import parallel as spreading
from sanshe.engine.classify.explain import deciding_words
from sanshe.engine.errors import EngineError
from sanshe.engine.learn import learn

LAMPS = ["路灯坏了没人修", "晚上路灯不亮", "巷子里没有灯", "灯光太暗看不见", "路灯一闪一闪"]
MEALS = ["老人吃饭难", "想要长者食堂", "送餐到家", "中午没人做饭", "饭菜太硬咬不动"]
PARKING = ["车位被占", "停车位太少", "晚上停车难", "车停到消防通道", "停车要绕三圈"]
HARM = ["他喝酒就打我", "孩子身上都是伤", "不想活了", "被打得不敢回家", "他拿刀威胁我"]
NOISE = ["你好", "辛苦了", "没什么意见", "挺好的", "谢谢你们来"]
TREE = [
    Leaf("ENV03", "ENV", "公共设施", ("路灯", "广场")),
    Leaf("ENV02", "ENV", "停车", ("停车", "车位")),
    Leaf("ELD03", "ELD", "助餐送餐", ("食堂", "送餐")),
    Leaf("WFM01", "WFM", "家庭暴力", ("家暴", "殴打")),
]


def rows() -> list[Row]:
    table = [("ENV03", LAMPS), ("ELD03", MEALS), ("ENV02", PARKING), (NONE, NOISE)]
    harmless = [Row(text, label, False) for label, texts in table for text in texts]
    return harmless + [Row(text, "WFM01", True) for text in HARM]


@pytest.fixture(scope="module")
def model() -> Model:
    return learn(rows(), tree=TREE)


def test_the_label_is_that_of_similar_sentences(model: Model) -> None:
    verdicts = model.classify(["路口的路灯坏了两盏", "想要送餐到家里", "晚上停车太难了"])
    assert [v.alternatives[0][0] for v in verdicts] == ["ENV03", "ELD03", "ENV02"]


def test_alternatives_are_at_most_three_best_first_and_never_none(model: Model) -> None:
    for verdict in model.classify(["路灯和停车都要管", "你好", "随便", ""]):
        chances = [chance for _, chance in verdict.alternatives]
        assert 1 <= len(chances) <= 3
        assert chances == sorted(chances, reverse=True)
        assert NONE not in [label for label, _ in verdict.alternatives]
        assert all(0 <= chance <= 1 for chance in [*chances, verdict.confidence])


def test_noise_is_left_unlabelled(model: Model) -> None:
    verdict = model.classify(["谢谢你们，辛苦了"])[0]
    assert verdict.label is None
    assert verdict.alternatives


def test_the_deciding_words_stand_in_the_text(model: Model) -> None:
    text = "我家门口的路灯坏了"
    because = model.classify([text])[0].because
    assert any("路灯" in word for word in because)
    assert all(word in text for word in because)


def test_harm_raises_the_flag_and_a_street_lamp_does_not(model: Model) -> None:
    harmed, lamp = model.classify(["他一喝酒就打我，身上都是伤", "路灯不亮"])
    assert harmed.safety
    assert not lamp.safety


def test_a_verdict_does_not_depend_on_the_texts_around_it(model: Model) -> None:
    texts = [row.text + "，就是这样" for row in rows()]
    together = model.classify(texts)
    alone = [model.classify([text])[0] for text in texts]
    assert [v.label for v in together] == [v.label for v in alone]
    assert [v.confidence for v in together] == pytest.approx(
        [v.confidence for v in alone], abs=1e-4
    )


def test_many_texts_are_spread_over_workers_with_the_same_verdicts(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [row.text for row in rows()] * 2
    here = model.classify(texts)
    monkeypatch.setattr(spreading, "ENOUGH", 1)
    monkeypatch.setattr(spreading, "_cores", lambda: 2)
    there = [v for chunk in classify_many(model, texts, size=7) for v in chunk]
    assert [(v.label, v.safety, v.because) for v in there] == [
        (v.label, v.safety, v.because) for v in here
    ]


def test_a_dead_worker_does_not_lose_texts(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "ENOUGH", 1)
    monkeypatch.setattr(spreading, "_cores", lambda: 2)
    monkeypatch.setattr(spreading.sys, "executable", "/bin/false")
    texts = [row.text for row in rows()]
    assert len(model.classify(texts)) == len(texts)


def test_nothing_in_gives_nothing_out(model: Model) -> None:
    assert model.classify([]) == []


def test_a_model_read_back_says_the_same(model: Model) -> None:
    copy = unpack(pack(model))
    texts = ["路灯坏了", "想吃口热饭", "他打我", "你好"]
    assert [v.label for v in copy.classify(texts)] == [v.label for v in model.classify(texts)]
    assert copy.version == model.version
    assert copy.scores == model.scores
    assert pack(copy) == pack(unpack(pack(copy)))


@pytest.mark.parametrize("damage", ["cut", "flip", "other", "empty"])
def test_a_damaged_file_is_refused(model: Model, damage: str) -> None:
    data = pack(model)
    bad = {
        "cut": data[:-100],
        "flip": data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
        "other": b"PK\x03\x04 something else",
        "empty": b"",
    }[damage]
    with pytest.raises(BadModel):
        unpack(bad)


def test_deciding_words_join_neighbouring_grams() -> None:
    gains = {"路": 0.5, "灯": 0.5, "路灯": 1.0, "坏": 0.1}
    assert deciding_words("门口路灯坏", gains) == ("路灯",)
    assert deciding_words("门口", {}) == ()


def test_deciding_words_are_whole_words() -> None:
    gains = {"孩": 0.6, "接孩": 0.6, "浴室": 0.9, "室滑": 0.9}
    assert deciding_words("赶着去接孩子", gains) == ("接孩子",), "not 接孩"
    assert deciding_words("在浴室滑一跤", gains) == ("浴室滑",)


def test_deciding_words_end_neither_in_particles_nor_in_figures() -> None:
    gains = dict.fromkeys("的食堂了不2026", 1.0)
    assert deciding_words("我的食堂了，食堂不，2026", gains) == ("食堂",)


def test_deciding_words_tell_the_loudest_first_and_nothing_twice() -> None:
    gains = {"轮椅": 1.0, "食堂": 3.0, "电梯": 2.0, "停车": 0.1}
    text = "轮椅，食堂，电梯，停车，食堂"
    assert deciding_words(text, gains) == ("食堂", "电梯", "轮椅")
    assert deciding_words(text, gains, most=1) == ("食堂",)


def test_one_label_is_nothing_to_learn() -> None:
    with pytest.raises(EngineError):
        learn([Row("路灯坏了", "ENV03"), Row("灯不亮", "ENV03")])
