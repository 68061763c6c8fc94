"""Every cell of a statement becomes a value, or an error with its own reason."""

from datetime import date

import pytest

from sanshe.office.errors import OfficeError
from sanshe.office.tests.messy import (
    BINS,
    HEAD,
    LAMPS,
    found,
    gazetteer,
)
from sanshe.office.tests.messy import statements_of as table

PLACES = gazetteer()
DAY = date(2026, 3, 1)
GOOD = ("1", LAMPS, "普通居民", "花园城社区", "2026-3-1", "访谈")


def test_a_row_with_other_content_but_no_statement_is_an_error() -> None:
    read = table(HEAD, GOOD, ["2", "", "居民", "花园城", "", ""], ["3", "  ", "", "金林", "", ""])
    assert found(read.errors) == [(3, "missing_text"), (4, "missing_text")]
    assert read.errors[0].column == "反映内容"


@pytest.mark.parametrize(
    "text", ["12", 12, "-", "——", "1.", "（3）", "无", "暂无", "#REF!", "？？"]
)
def test_a_number_or_a_dash_is_no_statement(text: object) -> None:
    read = table(HEAD, GOOD, ["2", text, "居民", "花园城", "", ""])
    assert found(read.errors) == [(3, "bad_value")]


def test_a_statement_is_kept_word_for_word_and_never_split() -> None:
    said = "1. 没有路灯\n2. 垃圾太多 ①“快修”  =SUM(A1)"
    read = table(HEAD, ["1", f"  {said}\x07 ", "", "花园城", "", ""])
    assert [row.text for row in read.rows] == [said]


def test_more_than_two_thousand_characters_are_not_one_statement() -> None:
    rows = [HEAD, ["1", "灯" * 2000, "", "花园城", "", ""], ["2", "灯" * 2001, "", "金林", "", ""]]
    read = table(*rows)
    assert len(read.rows) == 1 and found(read.errors) == [(3, "bad_value")]


def test_community_errors_have_their_own_reasons() -> None:
    rows = [["1", LAMPS, "", said, "", ""] for said in ("", "花园城村", "金林、新湖", "-")]
    read = table(HEAD, *rows)
    assert found(read.errors) == [
        (2, "missing_community"),
        (3, "unknown_community"),
        (4, "ambiguous_community"),
        (5, "missing_community"),
    ]
    assert read.errors[0].column == "社区（村）"
    assert "花园城社区" in read.errors[1].message


def test_a_given_community_fills_gaps_but_overrules_nothing() -> None:
    rows = [["1", LAMPS, "", "", "", ""], ["2", BINS, "", "锦江村", "", ""]]
    read = table(HEAD, *rows, community="花园城社区")
    assert [row.community_code for row in read.rows] == ["350581001006", "350581102202"]
    assert table(["text"], [LAMPS], community="350581001006").rows[0].community_code
    with pytest.raises(OfficeError) as caught:
        table(["text"], [LAMPS], community="花园")
    assert caught.value.code == "bad_community"


def test_date_errors_have_their_own_reasons() -> None:
    said = ["2026-02-30", "3/4/2026", "3月1日-3日", "3月1日", "", "-", "2月30日"]
    rows = [["1", f"{LAMPS}{at}", "", "花园城", cell, ""] for at, cell in enumerate(said)]
    read = table(HEAD, *rows)
    assert found(read.errors) == [
        (2, "bad_date"),
        (3, "ambiguous_date"),
        (4, "bad_date"),
        (5, "ambiguous_date"),
        (8, "bad_date"),
    ]
    assert len(read.rows) == 2
    assert found(table(HEAD, *rows, year=2026).errors)[2:] == [(4, "bad_date"), (8, "bad_date")]


BARE = ("1", LAMPS, "", "花园城", "3月1日", "")


def test_the_year_comes_from_the_caller_the_title_or_its_siblings() -> None:
    assert table(HEAD, BARE, year=2026).rows[0].date == DAY
    assert table(["2026年度走访登记表"], HEAD, BARE).rows[0].date == DAY
    assert table(HEAD, BARE, ["2", BINS, "", "花园城", "2026-3-5", ""]).rows[0].date == DAY


def test_years_that_do_not_agree_give_none() -> None:
    other = ["2", BINS, "", "花园城", "2025-3-5", ""]
    assert found(table(["2026年走访表"], HEAD, BARE, other).errors) == [(3, "ambiguous_date")]
    assert found(table(["2025年—2026年走访"], HEAD, BARE).errors) == [(3, "ambiguous_date")]


def test_a_year_in_a_note_about_a_law_is_not_a_hint() -> None:
    assert found(table(["说明：依据2019年省条例"], HEAD, BARE).errors) == [(3, "ambiguous_date")]


def test_an_informant_outside_the_list_is_mapped_or_other_with_a_warning() -> None:
    said = ["支书", "第三网格网格长", "快递小哥", "", "committee"]
    rows = [["", f"{LAMPS}{at}", word, "花园城", "", ""] for at, word in enumerate(said)]
    read = table(HEAD, *rows)
    expected = ["committee", "grid", "other", "", "committee"]
    assert [row.informant for row in read.rows] == expected
    assert [warning.row for warning in read.warnings] == [3, 4]


def test_a_method_outside_the_list_is_an_error() -> None:
    rows = [["1", LAMPS, "", "花园城", "", "心灵感应"], ["2", BINS, "", "花园城", "", "VISIT"]]
    read = table(HEAD, *rows)
    assert found(read.errors) == [(2, "bad_value")] and read.rows[0].method == "VISIT"


def test_every_wrong_cell_of_a_row_is_told() -> None:
    read = table(HEAD, ["1", LAMPS, "", "花园", "2026-2-30", ""])
    assert sorted(found(read.errors)) == [(2, "bad_date"), (2, "unknown_community")]


def test_an_exact_repeat_is_an_error_and_points_at_the_first() -> None:
    read = table(HEAD, GOOD, GOOD, ["2", *GOOD[1:]])
    assert found(read.errors) == [(3, "duplicate_row")]
    assert "第 2 行" in read.errors[0].message
    assert [row.id for row in read.rows] == ["1", "2"]
    assert len(table(HEAD, GOOD, GOOD, forbid_repeats=False).rows) == 2


def test_ids_are_unique_in_the_end_and_given_ones_stay() -> None:
    ids = ["1", "1", "1-2", "", "S4", "1"]
    rows = [[name, f"{LAMPS}{at}", "", "花园城", "", ""] for at, name in enumerate(ids)]
    named = [row.id for row in table(HEAD, *rows).rows]
    assert len(set(named)) == 6
    assert named[0] == "1" and named[2] == "1-2" and named[4] == "S4"
