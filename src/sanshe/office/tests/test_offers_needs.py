"""Offers and needs become typed rows, or one error for each wrong cell."""

import time
from datetime import date
from pathlib import Path

import pytest

from sanshe.office.errors import OfficeError
from sanshe.office.needs import NeedTable, band_of, read_needs
from sanshe.office.offers import OfferTable, prefix, read_offers
from sanshe.office.tables import Book, Sheet
from sanshe.office.tests.messy import found, gazetteer, text_file

PLACES = gazetteer()
LEAVES = {code: code for code in ("ELD01", "ELD03", "CHD01")} | {
    "日间照料与托养": "ELD01",
    "助餐送餐": "ELD03",
    "课后托管与学业辅导": "CHD01",
}
OFFER = {
    "id": "O1",
    "provider": "晨光社工服务中心",
    "kind": "课程",
    "title": "四点半课堂",
    "leaf_codes": "CHD01",
    "target_groups": "儿童",
    "capacity": 20,
    "catchment": "350581001",
    "languages": "普通话、闽南语",
    "unit_cost_fen": 3050,
    "valid_from": "2026-03-01",
    "valid_to": "2026-06-30",
    "minors_cleared": "是",
}
NEED = {
    "id": "N1",
    "leaf_codes": "CHD01",
    "community_code": "350581001006",
    "people": 12,
    "priority": 0.8,
    "band": "A",
    "target_group": "儿童",
    "languages": "nan",
    "from": "2026-03-01",
    "to": "2026-06-30",
}


def sheet_of(rows: list[dict[str, object]]) -> Book:
    """Rows given by field, under the contract's headings."""
    head = list(rows[0])
    lot = [head, *([row.get(name) for name in head] for row in rows)]
    return Book("a.xlsx", "xlsx", [Sheet("表", lot)])  # type: ignore[arg-type]


def offers(*changes: dict[str, object]) -> OfferTable:
    """Read offers that differ from a good one; ids run on."""
    rows = [OFFER | {"id": f"O{at}"} | change for at, change in enumerate(changes, 1)]
    return read_offers(sheet_of(rows), leaves=LEAVES, gazetteer=PLACES)


def needs(*changes: dict[str, object]) -> NeedTable:
    """Read needs that differ from a good one; ids run on."""
    rows = [NEED | {"id": f"N{at}"} | change for at, change in enumerate(changes, 1)]
    return read_needs(sheet_of(rows), leaves=LEAVES, gazetteer=PLACES)


def test_an_offer_is_read_with_all_its_columns() -> None:
    row = offers({}).rows[0]
    assert (row.id, row.kind, row.leaf_codes) == ("O1", "course", ("CHD01",))
    assert (row.target_groups, row.languages) == (("children",), ("zh", "nan"))
    assert (row.capacity, row.unit_cost_fen, row.minors_cleared) == (20, 3050, True)
    assert (row.valid_from, row.valid_to) == (date(2026, 3, 1), date(2026, 6, 30))
    assert row.catchment == ("350581001",)


def test_empty_cells_of_an_offer_name_no_limit() -> None:
    names = ("kind", "target_groups", "catchment", "languages", "unit_cost_fen", "valid_from")
    row = offers(dict.fromkeys((*names, "valid_to", "minors_cleared"))).rows[0]
    assert (row.kind, row.target_groups, row.catchment, row.languages) == ("", (), (), ())
    assert (row.unit_cost_fen, row.valid_from, row.valid_to) == (None, None, None)
    assert row.minors_cleared is False


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"leaf_codes": "XXX01"}, "bad_value"),
        ({"leaf_codes": ""}, "bad_value"),
        ({"capacity": -1}, "bad_value"),
        ({"capacity": 2.5}, "bad_value"),
        ({"capacity": "很多"}, "bad_value"),
        ({"capacity": None}, "bad_value"),
        ({"capacity": "NaN"}, "bad_value"),
        ({"unit_cost_fen": -5}, "bad_value"),
        ({"unit_cost_fen": 0.5}, "bad_value"),
        ({"valid_from": "2026-02-30"}, "bad_date"),
        ({"valid_from": "3/4/2026"}, "ambiguous_date"),
        ({"valid_to": "2026-01-01"}, "bad_date"),
        ({"catchment": "花园城村"}, "unknown_community"),
        ({"catchment": "蚶江"}, "ambiguous_community"),
        ({"catchment": "35058"}, "unknown_community"),
        ({"languages": "火星话"}, "bad_value"),
        ({"target_groups": "外星人"}, "bad_value"),
        ({"minors_cleared": "大概"}, "bad_value"),
    ],
)
def test_a_wrong_cell_of_an_offer_is_an_error_of_its_row(
    change: dict[str, object], reason: str
) -> None:
    read = offers({}, change)
    assert found(read.errors) == [(3, reason)]
    assert [row.id for row in read.rows] == ["O1"]


def test_leaves_and_places_may_be_written_in_chinese() -> None:
    change = {
        "leaf_codes": "助餐送餐|日间照料与托养",
        "catchment": "湖滨街道、锦江村",
        "capacity": "20人",
    }
    row = offers(change).rows[0]
    assert row.leaf_codes == ("ELD03", "ELD01")
    assert row.catchment == ("350581001", "350581102202")
    assert row.capacity == 20


def test_padded_codes_become_prefixes_and_everywhere_is_no_limit() -> None:
    assert prefix("350581001000") == "350581001"
    assert prefix("350581000000") == "350581"
    assert prefix("350000000000") == "35"
    assert prefix("350581001006") == "350581001006"
    assert offers({"catchment": 350581001000.0}).rows[0].catchment == ("350581001",)
    assert offers({"catchment": "不限", "target_groups": "不限"}).rows[0].catchment == ()
    assert offers({"catchment": "石狮市"}).rows[0].catchment == ("350581",)


def test_a_code_of_another_county_is_taken_with_a_warning() -> None:
    read = offers({"catchment": "350582001001"})
    assert read.rows[0].catchment == ("350582001001",) and len(read.warnings) == 1


def test_prices_in_yuan_become_whole_fen() -> None:
    def price(heading: str, cell: object) -> OfferTable:
        row = {"编号": "O1", "服务名称": "x", "需求类型": "助餐送餐", "容量": 1, heading: cell}
        return read_offers(sheet_of([row]), leaves=LEAVES, gazetteer=PLACES)

    assert price("单价（元）", "30.50").rows[0].unit_cost_fen == 3050
    assert price("单价（分）", 3050).rows[0].unit_cost_fen == 3050
    assert price("单价（元）", "免费").rows[0].unit_cost_fen == 0
    assert price("单价（元）", 0.1).rows[0].unit_cost_fen == 10
    unknown = price("单价", 12)
    assert unknown.rows[0].unit_cost_fen == 1200 and "按元计" in unknown.warnings[0].message
    assert found(price("单价（元）", "0.125").errors) == [(2, "bad_value")]


def test_a_kind_outside_the_list_is_other_with_a_warning() -> None:
    read = offers({"kind": "合唱团"})
    assert read.rows[0].kind == "other" and len(read.warnings) == 1


def test_a_repeated_id_is_an_error_because_matches_point_at_ids() -> None:
    assert found(offers({}, {"id": "O1", "title": "别的"}).errors) == [(3, "duplicate_row")]
    assert found(needs({}, {"id": "N1"}).errors) == [(3, "duplicate_row")]


def test_offers_without_a_leaf_column_are_refused() -> None:
    with pytest.raises(OfficeError) as caught:
        read_offers(sheet_of([{"id": 1, "title": "x"}]), leaves=LEAVES)
    assert caught.value.code == "no_column"


def test_a_need_is_read_with_all_its_columns() -> None:
    row = needs({}).rows[0]
    assert (row.id, row.leaf_codes, row.community_code) == ("N1", ("CHD01",), "350581001006")
    assert (row.people, row.priority, row.band) == (12, 0.8, "A")
    assert (row.target_group, row.languages) == ("children", ("nan",))
    assert (row.start, row.end) == (date(2026, 3, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"priority": 85}, "bad_value"),
        ({"priority": -0.1}, "bad_value"),
        ({"priority": "高"}, "bad_value"),
        ({"band": "E"}, "bad_value"),
        ({"people": 1.5}, "bad_value"),
        ({"community_code": ""}, "missing_community"),
        ({"community_code": "花园城村"}, "unknown_community"),
        ({"community_code": "35058100100"}, "unknown_community"),
        ({"community_code": "350581001000"}, "unknown_community"),
        ({"leaf_codes": "ELD01|XXX"}, "bad_value"),
        ({"to": "2026-01-01"}, "bad_date"),
    ],
)
def test_a_wrong_cell_of_a_need_is_an_error_of_its_row(
    change: dict[str, object], reason: str
) -> None:
    read = needs({}, change)
    assert found(read.errors) == [(3, reason)] and len(read.rows) == 1


def test_a_need_without_a_band_takes_the_band_of_its_priority() -> None:
    assert [band_of(score) for score in (0.75, 0.74, 0.55, 0.35, 0.34)] == list("ABBCD")
    row = needs({"band": None, "priority": 0.6, "people": None}).rows[0]
    assert (row.band, row.people) == ("B", 1)
    assert needs({"band": "P0"}).rows[0].band == "P0"


def test_a_code_outside_the_gazetteer_is_taken_as_it_is_with_a_warning() -> None:
    read = needs({"community_code": "350582001001"})
    assert read.rows[0].community_code == "350582001001" and len(read.warnings) == 1


def test_needs_are_read_without_a_gazetteer_too() -> None:
    read = read_needs(sheet_of([NEED]), leaves=LEAVES)
    assert read.rows[0].community_code == "350581001006"


def test_fifty_thousand_needs_are_read_in_seconds(tmp_path: Path) -> None:
    rows = [list(NEED), *([f"N{at}", *list(NEED.values())[1:]] for at in range(50_000))]
    path = text_file(tmp_path / "a.csv", rows)
    start = time.perf_counter()
    assert len(read_needs(path, leaves=LEAVES, gazetteer=PLACES).rows) == 50_000
    assert time.perf_counter() - start < 10
