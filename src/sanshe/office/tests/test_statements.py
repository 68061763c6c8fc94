"""Statements are found in the tables offices really have."""

import time
from datetime import date
from pathlib import Path

import pytest

from sanshe.office.errors import OfficeError
from sanshe.office.statements import read_statements
from sanshe.office.tests.messy import (
    BINS,
    HEAD,
    LAMPS,
    LESSONS,
    book,
    document,
    found,
    gazetteer,
    text_file,
)
from sanshe.office.tests.messy import statements_of as table

PLACES = gazetteer()
DAY = date(2026, 3, 1)
GOOD = ("1", LAMPS, "普通居民", "花园城社区", "2026-3-1", "访谈")


def test_a_plain_table_is_read_with_all_its_columns() -> None:
    read = table(HEAD, GOOD)
    row = read.rows[0]
    assert (row.id, row.sheet, row.row, row.text) == ("1", "表", 2, LAMPS)
    assert (row.informant, row.community_code, row.method) == ("resident", "350581001006", "INTV")
    assert row.date == DAY
    assert read.errors == [] and read.warnings == []
    assert read.mapping["community_code"] == "社区（村）"


def test_only_the_text_is_required() -> None:
    row = table(["text"], [LAMPS]).rows[0]
    assert (row.id, row.informant, row.community_code, row.method) == ("S1", "", "", "")
    assert row.date is None


def test_titles_notes_signatures_totals_and_empty_rows_are_no_data(tmp_path: Path) -> None:
    rows = [
        ["石狮市2026年度居民诉求登记表"],
        [],
        ["填报单位：社工站", None, None, "填报日期：2026年3月30日"],
        HEAD,
        [1, 2, 3, 4, 5, 6],
        [1, LAMPS, "普通居民", "花园城社区", "3月1日", "访谈"],
        [],
        [2, LESSONS, "环卫", "锦江村", DAY, "问卷"],
        ["小计", "2条"],
        HEAD,
        [3, BINS, "保安", "湖滨/金林", 46082, "走访"],
        ["合计", None, None, 3],
        [4],
        [5],
        ["说明：本表由社工站填写，每行一条。"],
        ["填表人：李四", "审核：王五", None, None, "日期：2026年3月30日"],
        ["负责人（签字）：", None, "单位（盖章）："],
    ]
    path = book(tmp_path / "a.xlsx", ("表", rows), merges=["A1:F1", "A15:F15"])
    read = read_statements(path, gazetteer=PLACES)
    assert read.errors == []
    assert [row.row for row in read.rows] == [6, 8, 11]
    assert [row.date for row in read.rows] == [DAY] * 3
    assert [row.informant for row in read.rows] == ["resident", "sanitation", "security"]
    reasons = [why for _, why in read.sheets[0].skipped]
    assert reasons == (
        [
            "numbering",
            "total",
            "heading",
            "total",
            "number",
            "number",
            "note",
            "signature",
            "signature",
        ]
    )


def test_headings_over_two_rows_are_joined(tmp_path: Path) -> None:
    rows = [
        ["序号", "受访情况", None, None, "诉求情况", None],
        [None, "对象", "社区", "日期", "类别", "内容"],
        [1, "网格员", "锦江村", "2026-3-1", "环境", LAMPS],
    ]
    merges = ["A1:A2", "B1:D1", "E1:F1"]
    path = book(tmp_path / "a.xlsx", ("表", rows), merges=merges)
    for read in (read_statements(path, gazetteer=PLACES), table(*rows)):
        row = read.rows[0]
        assert (row.id, row.informant, row.text, row.row) == ("1", "grid", LAMPS, 3)
        assert row.community_code == "350581102202" and row.date == DAY


def test_merged_cells_speak_for_every_row_they_cover(tmp_path: Path) -> None:
    rows = [
        HEAD,
        [1, LAMPS, "居民", "花园城", "2026-3-1", "访谈"],
        [2, LESSONS, "居民", None, None, "访谈"],
        [3, BINS, "居民", None, None, "访谈"],
    ]
    path = book(tmp_path / "a.xlsx", ("表", rows), merges=["D2:D4", "E2:E4"])
    read = read_statements(path, gazetteer=PLACES)
    assert {(row.community_code, row.date) for row in read.rows} == {("350581001006", DAY)}


def test_a_row_of_section_words_across_the_table_is_told_not_imported(tmp_path: Path) -> None:
    rows = [HEAD, ["一、湖滨街道"], GOOD]
    path = book(tmp_path / "a.xlsx", ("表", rows), merges=["A2:F2"])
    read = read_statements(path, gazetteer=PLACES)
    assert [row.row for row in read.rows] == [3]
    assert "分段标题" in read.warnings[0].message


def test_a_wide_cell_of_data_keeps_its_statement(tmp_path: Path) -> None:
    rows = [["编号", "反映内容", None, "社区"], ["1", LAMPS, None, "花园城"]]
    path = book(tmp_path / "a.xlsx", ("表", rows), merges=["B1:C1", "B2:C2"])
    read = read_statements(path, gazetteer=PLACES)
    assert read.rows[0].text == LAMPS and read.errors == []


def test_one_sheet_for_each_group_gives_the_informant_by_its_name(tmp_path: Path) -> None:
    head = ["序号", "反映内容", "社区"]
    path = book(
        tmp_path / "a.xlsx",
        ("封面", [["2026年需求调研"], ["年度", 2026]]),
        ("老人会", [head, [1, LAMPS, "花园城"]]),
        ("2、环卫工人访谈", [head, [1, BINS, "花园城"]]),
        ("选项", [["花园城社区"], ["锦江村"]]),
        ("旧稿", [head, [1, LESSONS, "花园城"]]),
        hidden=["旧稿"],
    )
    read = read_statements(path, gazetteer=PLACES)
    assert [(row.sheet, row.informant, row.id) for row in read.rows] == [
        ("老人会", "elders", "1"),
        ("2、环卫工人访谈", "sanitation", "1-2"),
    ]
    assert [note.status for note in read.sheets] == ["cover", "read", "read", "cover", "hidden"]
    assert any("隐藏" in warning.message for warning in read.warnings)


def test_a_single_sheet_called_居民诉求_says_nothing_about_who_spoke() -> None:
    assert table(["反映内容"], [LAMPS], name="居民诉求").rows[0].informant == ""


def test_a_sheet_named_by_a_community_gives_it_where_no_column_does(tmp_path: Path) -> None:
    head = ["序号", "反映内容"]
    sheets = [("花园城社区", [head, [1, LAMPS]]), ("锦江村", [head, [1, BINS]])]
    read = read_statements(book(tmp_path / "a.xlsx", *sheets), gazetteer=PLACES)
    assert [row.community_code for row in read.rows] == ["350581001006", "350581102202"]
    assert len(read.warnings) == 2


def test_a_labelled_community_above_the_table_is_taken() -> None:
    read = table(["社区：花园城社区", "日期"], ["序号", "反映内容"], [1, LAMPS])
    assert read.rows[0].community_code == "350581001006"


def test_tables_of_a_document_are_read_even_when_cut_by_a_page(tmp_path: Path) -> None:
    head = ["社区", "反映内容", "日期"]
    path = document(
        tmp_path / "a.docx",
        "2026年走访记录",
        [head, ["花园城", LAMPS, "3月1日"], ["^", LESSONS, "3月1日"]],
        [["锦江村", BINS, "3月1日"]],
    )
    read = read_statements(path, gazetteer=PLACES)
    assert [(row.sheet, row.row) for row in read.rows] == [("表1", 2), ("表1", 3), ("表2", 1)]
    assert {row.date for row in read.rows} == {DAY}
    assert [row.community_code for row in read.rows][1:] == ["350581001006", "350581102202"]


def test_two_columns_of_statements_use_the_better_heading_and_say_so() -> None:
    rows = [["意见建议", "反映内容", "处理意见"], ["加灯", LAMPS, "已转办"]]
    read = table(*rows)
    assert read.rows[0].text == LAMPS
    assert "意见建议" in read.warnings[0].message


def test_a_given_mapping_overrules_the_headings() -> None:
    rows = [["甲", "反映内容"], [LAMPS, "已转办"]]
    assert table(*rows, mapping={"text": "甲"}).rows[0].text == LAMPS
    with pytest.raises(OfficeError) as caught:
        table(*rows, mapping={"text": "丙"})
    assert caught.value.code == "bad_mapping" and "反映内容" in caught.value.message


def test_a_file_without_a_statement_column_is_refused_with_what_it_has() -> None:
    with pytest.raises(OfficeError) as caught:
        table(["序号", "姓名", "处理意见"], [1, "甲", "已转办"])
    error = caught.value
    assert error.code == "no_column"
    assert "处理意见" in error.message and "反映内容" in error.message
    assert "处理意见" in error.message_en


def test_headings_without_rows_are_refused() -> None:
    with pytest.raises(OfficeError) as caught:
        table(HEAD)
    assert caught.value.code == "no_rows"


def test_our_own_statements_file_can_be_read_again(tmp_path: Path) -> None:
    head = "id,sheet,row,text,informant,community_code,date,method,label,confidence,safety,need"
    line = f"S1,表,2,{LAMPS},resident,350581001006,2026-03-01,INTV,ENV03,0.9,0,N1"
    path = tmp_path / "statements.csv"
    path.write_text(f"{head}\n{line}\n", encoding="utf-8")
    row = read_statements(path, gazetteer=PLACES).rows[0]
    assert (row.id, row.informant, row.method, row.date) == ("S1", "resident", "INTV", DAY)


def test_semicolon_gb18030_files_of_old_programs_are_read(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", [HEAD, GOOD], code="gb18030", separator=";")
    assert read_statements(path, gazetteer=PLACES).rows[0].text == LAMPS


def test_a_hundred_thousand_statements_are_read_in_seconds(tmp_path: Path) -> None:
    rows = [
        [at, f"{LAMPS}，第{at}户", "居民", "花园城", "2026年3月1日", "访谈"]
        for at in range(100_000)
    ]
    path = text_file(tmp_path / "a.csv", [HEAD, *rows])
    start = time.perf_counter()
    read = read_statements(path, gazetteer=PLACES)
    assert len(read.rows) == 100_000 and read.errors == []
    assert time.perf_counter() - start < 10


def test_a_comma_without_quotes_is_an_error_not_a_shorter_statement(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = ["编号,反映内容", f"1,{LAMPS}", "2,垃圾太多, 夏天很臭", f"3,{LESSONS}", f"4,{BINS}"]
    path.write_text("\n".join(lines), encoding="utf-8")
    read = read_statements(path, gazetteer=PLACES)
    assert found(read.errors) == [(3, "bad_value")] and len(read.rows) == 3


def test_a_column_without_a_heading_is_told_and_does_no_harm(tmp_path: Path) -> None:
    rows = [["编号", "反映内容"], *([at, f"{LAMPS}{at}", "已转办"] for at in range(8))]
    read = read_statements(text_file(tmp_path / "a.csv", rows), gazetteer=PLACES)
    assert len(read.rows) == 8 and "没有标题" in read.warnings[0].message
