"""A community is found by any usual way of writing it, and never guessed."""

import contextlib
import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshe.engine.gazetteer import AmbiguousPlace, Gazetteer, Place, PlaceError, UnknownPlace
from sanshe.office.places import SHISHI, load_gazetteer

PLACES = load_gazetteer()
UNITS = PLACES.units


def test_the_table_holds_nine_towns_and_128_units() -> None:
    with SHISHI.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    levels = [row["level"] for row in rows]
    assert levels.count("town") == 9
    assert levels.count("unit") == 128
    assert levels.count("province") == levels.count("city") == levels.count("county") == 1
    codes = {row["code"] for row in rows}
    assert len(codes) == len(rows) == 140
    assert all(len(code) == 12 and code.isdecimal() for code in codes)
    assert all(row["parent"] in codes or row["level"] == "province" for row in rows)
    assert not any(code.endswith("498") for code in codes)


def test_the_two_examples_of_the_reference_are_right() -> None:
    assert PLACES.resolve("花园城社区").code == "350581001006"
    village = PLACES.resolve("锦江村")
    assert (village.code, village.town_name) == ("350581102202", "蚶江镇")
    assert village.town_code == "350581102000"


def test_the_kind_of_a_unit_follows_its_code() -> None:
    for unit in UNITS:
        if unit.code[-3:] < "200":
            assert unit.name.endswith("社区居委会") and unit.short_name.endswith("社区")
        else:
            assert unit.name.endswith("村委会") and unit.short_name.endswith("村")


@pytest.mark.parametrize(
    "said",
    [
        "350581001006",
        350581001006,
        350581001006.0,
        "350581001006.0",
        "3.50581001006E+11",
        "'350581001006",
        "３５０５８１００１００６",
        "花园城社区居委会",
        "花园城社区居民委员会",
        "花园城居委会",
        "花园城社区",
        "花园城",
        " 花园城 社区 ",
        "花园城（社区）",
        "湖滨街道花园城社区",
        "湖滨花园城",
        "湖滨/花园城",
        "湖滨街道-花园城社区",
        "湖滨街道　花园城社区",
        "湖滨街道（花园城社区）",
        "花园城社区（湖滨街道）",
        "石狮市湖滨街道花园城社区居委会",
        "福建省泉州市石狮市湖滨街道花园城社区",
        "石狮花园城",
        "花园城社区 350581001006",
        "350581001006花园城",
    ],
)
def test_every_usual_way_of_writing_finds_the_same_unit(said: str | float) -> None:
    assert PLACES.resolve(said).code == "350581001006"


@pytest.mark.parametrize(
    "said",
    [
        "花园城村",
        "锦江社区",
        "东村村",
        "凤里街道花园城社区",
        "湖滨街道",
        "石狮市",
        "350581001",
        "350581001000",
        "350581001999",
        "3.50581E+11",
        "花园城社区3号楼",
        "我住花园城",
        "花园",
        "社区",
        "",
        "-",
        "城" * 5000,
    ],
)
def test_what_names_no_unit_is_unknown(said: str) -> None:
    with pytest.raises(UnknownPlace):
        PLACES.resolve(said)


def test_a_name_inside_another_name_is_not_taken_for_it() -> None:
    assert PLACES.resolve("东村社区").code == "350581002001"
    assert PLACES.resolve("东村").code == "350581002001"
    assert PLACES.resolve("东店村").code == "350581105201"
    assert PLACES.resolve("沙堤村").code == "350581106206"
    assert PLACES.resolve("新沙堤村").code == "350581106220"
    assert PLACES.resolve("东埔一村") != PLACES.resolve("东埔二村")


def test_an_unknown_name_says_what_may_have_been_meant() -> None:
    with pytest.raises(UnknownPlace) as caught:
        PLACES.resolve("花园城村")
    assert [place.short_name for place in caught.value.near] == ["花园城社区"]


def test_two_units_in_one_cell_are_ambiguous() -> None:
    with pytest.raises(AmbiguousPlace) as caught:
        PLACES.resolve("金林社区、新湖社区")
    assert len(caught.value.candidates) == 2


def test_a_code_that_contradicts_its_name_is_ambiguous() -> None:
    with pytest.raises(AmbiguousPlace):
        PLACES.resolve("仙迹社区 350581001006")


def test_one_name_in_two_towns_is_ambiguous_until_the_town_is_written() -> None:
    twins = Gazetteer(
        [
            Place("350581001000", "", "town", "湖滨街道", "湖滨"),
            Place("350581002000", "", "town", "凤里街道", "凤里"),
            Place("350581001001", "350581001000", "unit", "新华社区居委会", "新华社区", "湖滨街道"),
            Place("350581002001", "350581002000", "unit", "新华社区居委会", "新华社区", "凤里街道"),
        ]
    )
    with pytest.raises(AmbiguousPlace) as caught:
        twins.resolve("新华社区")
    assert len(caught.value.candidates) == 2
    assert twins.resolve("凤里街道新华社区").code == "350581002001"


def test_nationality_and_the_towns_own_name_may_be_left_out() -> None:
    assert PLACES.resolve("前坑村").short_name == "前坑回族村"
    assert PLACES.resolve("永宁镇第一社区").short_name == "永宁第一社区"
    with pytest.raises(UnknownPlace):
        PLACES.resolve("第一社区")


def test_a_division_may_be_a_town_but_a_shared_name_is_ambiguous() -> None:
    assert PLACES.division("湖滨街道").code == "350581001000"
    assert PLACES.division("石狮市").code == "350581000000"
    assert PLACES.division("花园城社区").code == "350581001006"
    with pytest.raises(AmbiguousPlace):
        PLACES.division("蚶江")


@given(st.sampled_from(UNITS), st.sampled_from(["", " ", "/", "-", "　", "·"]))
def test_town_and_name_in_any_joining_find_the_unit(unit: Place, joint: str) -> None:
    for name in (unit.name, unit.short_name, unit.bare):
        assert PLACES.resolve(f"{unit.town_name}{joint}{name}") == unit
        assert PLACES.resolve(f"石狮市{joint}{unit.town_name}{joint}{name}") == unit
    assert PLACES.resolve(f"{unit.short_name}（{unit.town_name}）") == unit
    assert PLACES.resolve(float(unit.code)) == unit


@given(st.sampled_from(UNITS), st.text("的里外东西新旧123号楼", min_size=1, max_size=3))
def test_a_longer_name_never_finds_the_shorter_unit(unit: Place, more: str) -> None:
    with contextlib.suppress(PlaceError):
        assert PLACES.resolve(unit.name + more).name == unit.name + more


@given(st.text(max_size=40))
def test_any_text_is_a_unit_or_a_place_error(said: str) -> None:
    with contextlib.suppress(PlaceError):
        assert PLACES.resolve(said).level == "unit"
