import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshe.engine.errors import EngineError
from sanshe.engine.rank import (
    Defaults,
    RankInput,
    Weights,
    band_of,
    bradshaw_kinds,
    priority,
    urgent_word,
)

scale = st.one_of(st.none(), st.integers(1, 5))


def test_the_formula_by_hand() -> None:
    need = RankInput(
        severity=5, urgency=3, feasibility=4, people=60, residents=2000,
        bradshaw=("felt", "normative"),
    )  # fmt: skip
    result = priority(need)
    # 0.30·1 + 0.20·0.5 + 0.20·0.6 + 0.15·0.5 + 0.15·0.75
    assert result.score == pytest.approx(70.75)
    assert result.band == "B"
    assert result.components["reach"] == pytest.approx(0.6)
    assert result.defaults == {}


def test_what_nobody_said_takes_a_default_and_is_marked() -> None:
    result = priority(RankInput(voices=2, all_voices=100))
    assert result.defaults == {
        "severity": "middle", "urgency": "middle", "feasibility": "middle", "reach": "voices",
    }  # fmt: skip
    assert result.components["severity"] == 0.5
    assert result.components["reach"] == pytest.approx(0.4)


def test_the_type_stands_in_where_nobody_has_rated_and_a_person_wins() -> None:
    fire = Defaults(severity=5, urgency=4, feasibility=2)
    result = priority(RankInput(severity=1, assumed=fire, people=1, residents=1000))
    assert result.components["severity"] == 0
    assert (result.components["urgency"], result.components["feasibility"]) == (0.75, 0.25)
    assert result.defaults == {"urgency": "type", "feasibility": "type"}


def test_an_urgent_word_raises_the_default_by_one_but_never_a_rating() -> None:
    said = RankInput(assumed=Defaults(urgency=3), urgent_word="台风前")
    assert priority(said).components["urgency"] == 0.75
    assert priority(said).defaults["urgency"] == "said:台风前"
    rated = RankInput(urgency=2, assumed=Defaults(urgency=3), urgent_word="台风前")
    assert priority(rated).components["urgency"] == 0.25
    assert "urgency" not in priority(rated).defaults
    top = priority(RankInput(assumed=Defaults(urgency=5), urgent_word="台风前"))
    assert (top.components["urgency"], top.defaults["urgency"]) == (1.0, "type")


@pytest.mark.parametrize(
    ("texts", "word"),
    [
        (["台风前能不能先把沟挖一挖"], "台风前"),
        (["房东说下个月涨到一千二"], "下个月"),
        (["一个电话约到下下周"], ""),
        (["验证码来了我来不及看"], ""),
        (["交警走了马上又满", "灯坏了半年了"], ""),
        (["他断药以后老讲邻居要害他", "药断了", "没人管", "没人管"], "断药"),
        (["他断药以后老讲邻居要害他", "药断了", "没人管", "没人管", "没人管"], ""),
        (["下周就要搬", "差点起火", "差点烧着"], "差点"),
        ([], ""),
    ],
)
def test_words_make_a_need_urgent_when_a_quarter_of_its_voices_use_them(
    texts: list[str], word: str
) -> None:
    assert urgent_word(texts) == word


def test_reach_is_full_at_five_percent_of_residents() -> None:
    assert priority(RankInput(people=50, residents=1000)).components["reach"] == 1
    assert priority(RankInput(people=5000, residents=1000)).components["reach"] == 1


def test_a_safety_need_is_p0_whatever_its_score() -> None:
    result = priority(RankInput(severity=1, urgency=1, feasibility=1, safety=True))
    assert (result.band, result.score) == ("P0", 100.0)


@pytest.mark.parametrize(
    ("score", "band"), [(100, "A"), (75, "A"), (74.99, "B"), (55, "B"), (35, "C"), (34.9, "D")]
)
def test_bands_begin_at_their_lower_bound(score: float, band: str) -> None:
    assert band_of(score) == band


@given(scale, scale, scale, st.integers(0, 500), st.integers(0, 400))
def test_the_score_stays_between_0_and_100_and_grows_with_severity(
    severity: int | None, urgency: int | None, feasibility: int | None, people: int, residents: int
) -> None:
    def score(value: int | None) -> float:
        return priority(
            RankInput(severity=value, urgency=urgency, feasibility=feasibility, people=people,
                      residents=residents)
        ).score  # fmt: skip

    assert 0 <= score(severity) <= 100
    if severity is not None and severity < 5:
        assert score(severity + 1) > score(severity)


def test_weights_must_sum_to_one() -> None:
    with pytest.raises(EngineError):
        Weights(severity=0.9)
    with pytest.raises(EngineError):
        Weights(severity=-0.1, urgency=0.6)


@pytest.mark.parametrize(
    "bad", [RankInput(severity=6), RankInput(urgency=0), RankInput(people=-1),
            RankInput(bradshaw=("loud",)), RankInput(assumed=Defaults(feasibility=0))]
)  # fmt: skip
def test_values_outside_their_range_are_refused(bad: RankInput) -> None:
    with pytest.raises(EngineError):
        priority(bad)


def test_bradshaw_kinds_follow_from_who_spoke_and_how() -> None:
    assert bradshaw_kinds(["resident"], ["INTV"]) == ("felt",)
    assert bradshaw_kinds(["resident"], ["REQ"]) == ("expressed",)
    assert bradshaw_kinds(["medical", "resident"], ["VISIT", "DOC", "REQ"]) == (
        "normative", "felt", "expressed", "comparative",
    )  # fmt: skip
