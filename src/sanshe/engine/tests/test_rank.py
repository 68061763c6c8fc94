import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshe.engine.errors import EngineError
from sanshe.engine.rank import RankInput, Weights, band_of, bradshaw_kinds, priority

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
    assert result.defaults == frozenset()


def test_what_nobody_said_takes_a_default_and_is_marked() -> None:
    result = priority(RankInput(voices=2, all_voices=100))
    assert result.defaults == {"severity", "urgency", "feasibility", "reach"}
    assert result.components["severity"] == 0.5
    assert result.components["reach"] == pytest.approx(0.4)


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
            RankInput(bradshaw=("loud",))]
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
