"""Matching against brute force, and the rules every assignment keeps."""

import itertools
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanshe.engine.candidates import NeedRow, OfferRow, feasible_pairs, why_infeasible
from sanshe.engine.errors import EngineError
from sanshe.engine.explain import explain, reason, why_not
from sanshe.engine.match import BAND_WEIGHT, match
from sanshe.engine.rank import BAND_ORDER

HOME = "350581001006"
leaves = st.sampled_from(["ELD01", "ELD03", "CHD01", "ENV02"])
places = st.sampled_from(["350581001006", "350581001001", "350581002001", ""])
needs_lists = st.lists(
    st.builds(
        lambda leaf, place, band: (leaf, place, band), leaves, places, st.sampled_from(BAND_ORDER)
    ),
    max_size=5,
)
offer_lists = st.lists(
    st.builds(
        lambda leaf, place, capacity, cleared: (leaf, place, capacity, cleared),
        leaves,
        st.sampled_from(["350581001006", "350581001", "350581", ""]),
        st.integers(0, 2),
        st.booleans(),
    ),
    max_size=4,
)


def build(
    need_facts: list[tuple[str, str, str]], offer_facts: list[tuple[str, str, int, bool]]
) -> tuple[list[NeedRow], list[OfferRow]]:
    needs = [
        NeedRow(str(i), (leaf,), place, band=band)
        for i, (leaf, place, band) in enumerate(need_facts)
    ]
    offers = [
        OfferRow(str(j), (leaf,), capacity, (place,) if place else (), minors_cleared=cleared)
        for j, (leaf, place, capacity, cleared) in enumerate(offer_facts)
    ]
    return needs, offers


def all_assignments(needs: list[NeedRow], offers: list[OfferRow], pairs: object):  # type: ignore[no-untyped-def]
    options = [[-1, *pairs.of(i)] for i in range(len(needs))]  # type: ignore[attr-defined]
    for choice in itertools.product(*options):
        used = np.bincount(
            [pairs.offer[k] for k in choice if k >= 0],  # type: ignore[attr-defined]
            minlength=len(offers),
        )
        if all(used[j] <= offer.places for j, offer in enumerate(offers)):
            yield choice


@settings(max_examples=150, deadline=None)
@given(needs_lists, offer_lists)
def test_no_other_assignment_is_better_bands_first(
    need_facts: list[tuple[str, str, str]], offer_facts: list[tuple[str, str, int, bool]]
) -> None:
    needs, offers = build(need_facts, offer_facts)
    pairs = feasible_pairs(needs, offers)

    def key(choice: tuple[int, ...]) -> tuple[int, ...]:
        served = [sum(k >= 0 and needs[i].band == band for i, k in enumerate(choice))
                  for band in BAND_ORDER]  # fmt: skip
        return (*served, sum(int(pairs.fit[k]) for k in choice if k >= 0))

    result = match(needs, offers, pairs)
    best = max(key(choice) for choice in all_assignments(needs, offers, pairs))
    assert key(tuple(result.chosen)) == best
    assert result.gap == 0


@settings(max_examples=100, deadline=None)
@given(needs_lists, offer_lists)
def test_no_other_assignment_has_more_weighted_fit(
    need_facts: list[tuple[str, str, str]], offer_facts: list[tuple[str, str, int, bool]]
) -> None:
    needs, offers = build(need_facts, offer_facts)
    pairs = feasible_pairs(needs, offers)
    result = match(needs, offers, pairs, objective="weighted")
    best = max(
        sum(int(pairs.fit[k]) * BAND_WEIGHT[needs[i].band] for i, k in enumerate(c) if k >= 0)
        for c in all_assignments(needs, offers, pairs)
    )
    assert result.objective == pytest.approx(best / 10_000)
    assert result.gap == 0


@settings(max_examples=150, deadline=None)
@given(needs_lists, offer_lists)
def test_pairs_are_exactly_those_that_nothing_keeps_apart(
    need_facts: list[tuple[str, str, str]], offer_facts: list[tuple[str, str, int, bool]]
) -> None:
    needs, offers = build(need_facts, offer_facts)
    pairs = feasible_pairs(needs, offers)
    found = {(i, int(pairs.offer[k])) for i in range(len(needs)) for k in pairs.of(i)}
    expected = {
        (i, j)
        for i, need in enumerate(needs)
        for j, offer in enumerate(offers)
        if not why_infeasible(need, offer)
    }
    assert found == expected


def offer(**changes: object) -> OfferRow:
    facts: dict[str, object] = {
        "id": "o", "leaves": ("ELD03",), "capacity": 1, "catchment": (HOME,), "title": "长者食堂"
    }  # fmt: skip
    return OfferRow(**(facts | changes))  # type: ignore[arg-type]


def need(**changes: object) -> NeedRow:
    facts: dict[str, object] = {"id": "n", "leaves": ("ELD03",), "community": HOME, "band": "A"}
    return NeedRow(**(facts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes_need", "changes_offer", "block"),
    [
        ({}, {"leaves": ("ENV02",)}, "category"),
        ({}, {"catchment": ("350581002",)}, "catchment"),
        ({}, {"capacity": 0}, "capacity"),
        ({}, {"capacity": 3, "free": 0}, "capacity"),
        ({"date_from": date(2026, 5, 1)}, {"valid_to": date(2026, 4, 30)}, "not_valid"),
        ({"date_from": date(2026, 5, 1)}, {"valid_from": date(2026, 5, 2)}, "not_valid"),
        ({"languages": ("nan",)}, {"languages": ("zh",)}, "language"),
        ({"leaves": ("CHD01",)}, {"leaves": ("CHD01",)}, "minors"),
        ({"target_group": "elders"}, {"target_groups": ("children",)}, "target_group"),
    ],
)
def test_each_hard_filter_keeps_a_pair_apart(
    changes_need: dict[str, object], changes_offer: dict[str, object], block: str
) -> None:
    a, b = need(**changes_need), offer(**changes_offer)
    assert why_infeasible(a, b) == [block]
    assert len(feasible_pairs([a], [b]).offer) == 0


def test_the_parts_and_the_fit_by_hand() -> None:
    a = need(date_from=date(2026, 3, 1), date_to=date(2026, 3, 10), target_group="elders")
    b = offer(
        leaves=("ELD01",), catchment=("350581001",), capacity=4, free=1,
        target_groups=("elders",), valid_to=date(2026, 3, 5),
    )  # fmt: skip
    pairs = feasible_pairs([a], [b])
    assert pairs.parts[0].tolist() == [0.5, 0.7, 1.0, 0.25, 0.5]
    assert pairs.fit[0] == 0.4 * 5000 + 0.2 * 7000 + 0.15 * 10000 + 0.15 * 2500 + 0.1 * 5000


def test_the_nearest_catchment_counts_when_several_cover_a_place() -> None:
    pairs = feasible_pairs([need()], [offer(catchment=("350581", HOME))])
    assert pairs.parts[0][1] == 1.0


def test_a_pin_is_kept_even_where_it_costs_fit() -> None:
    needs = [need(id="1"), need(id="2")]
    offers = [offer(id="near"), offer(id="far", catchment=("350581",))]
    pairs = feasible_pairs(needs, offers)
    far = next(k for k in pairs.of(0) if pairs.offer[k] == 1)
    result = match(needs, offers, pairs, pinned=[(0, far)])
    assert result.chosen[0] == far
    assert pairs.offer[result.chosen[1]] == 0


def test_pins_beyond_the_free_units_are_refused() -> None:
    needs = [need(id="1"), need(id="2")]
    pairs = feasible_pairs(needs, [offer()])
    with pytest.raises(EngineError):
        match(needs, [offer()], pairs, pinned=[(0, 0), (1, 1)])


def test_a_refused_pair_does_not_come_back() -> None:
    pairs = feasible_pairs([need()], [offer()], forbidden=frozenset({("n", "o")}))
    assert len(pairs.offer) == 0


def test_an_unknown_objective_is_refused() -> None:
    pairs = feasible_pairs([need()], [offer()])
    with pytest.raises(EngineError):
        match([need()], [offer()], pairs, objective="fairest")


def test_nothing_matches_nothing() -> None:
    pairs = feasible_pairs([], [])
    result = match([], [], pairs)
    assert (len(result.chosen), result.objective, result.gap) == (0, 0.0, 0.0)


def test_the_urgent_need_gets_the_last_unit_and_the_other_is_told_why() -> None:
    needs = [need(id="later", band="D"), need(id="urgent", band="P0", community="350581001001")]
    offers = [offer(catchment=("350581001", HOME))]
    pairs = feasible_pairs(needs, offers)
    result = match(needs, offers, pairs)
    assert result.chosen.tolist()[0] == -1
    told = explain(needs, offers, pairs, result)
    assert told[0].code == "full"
    assert "长者食堂" in reason(told[0], offers)
    assert "长者食堂" in reason(told[0], offers, "en")


def test_better_fitting_but_needed_more_elsewhere_is_said_so() -> None:
    needs = [need(id="1", band="B"), need(id="2", band="A", languages=("nan",))]
    offers = [
        offer(id="near", title="近处", languages=("nan",)),
        offer(id="far", title="远处", catchment=("350581",)),
    ]
    pairs = feasible_pairs(needs, offers)
    told = explain(needs, offers, pairs, match(needs, offers, pairs))
    assert told[0].why_not == "needed_more"
    assert "近处" in why_not(told[0], offers)
    assert told[1].why_not == "only"


def test_an_unreachable_need_names_the_nearest_offer_and_what_is_missing() -> None:
    offers = [offer(id="a", catchment=("350581002",), title="凤里食堂"), offer(leaves=("ENV02",))]
    pairs = feasible_pairs([need()], offers)
    told = explain([need()], offers, pairs, match([need()], offers, pairs))[0]
    assert (told.code, told.next_best, told.nearest_blocks) == ("blocked", 0, ("catchment",))
    assert "凤里食堂" in reason(told, offers)


def test_no_offer_in_the_field_is_a_gap_of_its_own() -> None:
    offers = [offer(leaves=("ENV02",))]
    pairs = feasible_pairs([need()], offers)
    told = explain([need()], offers, pairs, match([need()], offers, pairs))[0]
    assert told.code == "no_offer"
    assert reason(told, offers).startswith("全市没有")
