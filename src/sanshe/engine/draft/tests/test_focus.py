"""Which needs a proposal takes up by itself."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from sanshe.engine.draft import DraftNeed, DraftRules, focus_of
from sanshe.engine.draft.tests.factories import make_need

RULES = DraftRules(focus_needs=4, focus_fields=2)


def chosen(needs: Sequence[DraftNeed], *matched: str) -> tuple[str, ...]:
    return focus_of(needs, matched, RULES)


def test_the_higher_bands_come_first_then_the_best_of_the_next() -> None:
    needs = [
        make_need("1", "ELD01", "C", 40.0),
        make_need("2", "ELD02", "B", 60.0),
        make_need("3", "ELD03", "C", 50.0),
        make_need("4", "ELD04", "A", 80.0),
        make_need("5", "ELD05", "C", 45.0),
    ]
    assert chosen(needs) == ("4", "2", "3", "5")


def test_a_matched_need_goes_before_a_better_one_of_its_band_without_an_offer() -> None:
    needs = [make_need(str(n), "ELD01", "B", 70.0 - n) for n in range(1, 6)]
    assert chosen(needs, "5") == ("1", "2", "3", "5")


def test_a_match_does_not_lift_a_need_over_a_higher_band() -> None:
    needs = [make_need(str(n), "ELD01", "B", 60.0) for n in range(1, 5)]
    assert chosen([*needs, make_need("9", "ELD01", "C", 54.0)], "9") == ("1", "2", "3", "4")


def test_a_field_too_many_is_passed_over_unless_the_need_is_of_band_a() -> None:
    needs = [
        make_need("1", "ELD01", "A", 90.0),
        make_need("2", "CHD01", "A", 85.0),
        make_need("3", "ENV01", "A", 80.0),
        make_need("4", "GOV01", "B", 70.0),
        make_need("5", "ENV02", "C", 40.0),
    ]
    assert chosen(needs) == ("1", "2", "3", "5")


def test_low_needs_are_taken_only_where_there_is_nothing_else() -> None:
    low = [make_need("1", "ELD01", "D", 20.0)]
    assert chosen(low) == ("1",)
    assert chosen([*low, make_need("2", "ELD01", "C", 40.0)]) == ("2",)


def test_safety_needs_and_settled_ones_are_never_taken() -> None:
    needs = [
        make_need("1", "ELD01", "P0", 100.0),
        make_need("2", "MEN02", "A", 90.0),
        make_need("3", "ELD01", "A", 90.0, safety=True),
        make_need("4", "ELD01", "A", 90.0, settled="已转介"),
    ]
    assert chosen(needs) == ()


def test_ties_are_broken_by_number() -> None:
    needs = [make_need(n, "ELD01", "B", 60.0) for n in ("10", "9", "100", "8", "11")]
    assert chosen(needs) == ("8", "9", "10", "11")


_need = st.tuples(
    st.sampled_from(["ELD01", "CHD01", "ENV01", "GOV01", "WFM01"]),
    st.sampled_from(["P0", "A", "B", "C", "D"]),
    st.integers(0, 3),
    st.booleans(),
)


@given(st.lists(_need, max_size=14), st.randoms(use_true_random=False))
def test_whatever_was_heard_the_focus_is_small_stable_and_safe(found, random) -> None:  # type: ignore[no-untyped-def]
    needs = [make_need(str(i), leaf, band, float(score)) for i, (leaf, band, score, _) in
             enumerate(found)]  # fmt: skip
    matched = {str(i) for i, row in enumerate(found) if row[3]}
    taken = focus_of(needs, matched, RULES)
    by_id = {need.id: need for need in needs}
    assert len(taken) <= RULES.focus_needs
    assert not {by_id[i].band for i in taken} & {"P0"}
    extra = {by_id[i].leaf[:3] for i in taken if by_id[i].band != "A"}
    always = {by_id[i].leaf[:3] for i in taken if by_id[i].band == "A"}
    assert len(extra | always) <= max(RULES.focus_fields, len(always))
    random.shuffle(needs)
    assert focus_of(needs, matched, RULES) == taken
