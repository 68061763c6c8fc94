"""Texts for the engine come in, tables go out, and nothing is half written."""

import csv
from datetime import date
from pathlib import Path

import openpyxl
import polars
import pytest

from sanshe.office.errors import OfficeError
from sanshe.office.statements import read_statements
from sanshe.office.tables import read_book
from sanshe.office.tests.messy import HEAD, LAMPS, book, found, gazetteer, text_file
from sanshe.office.texts import read_labelled, read_texts
from sanshe.office.write import (
    SheetOut,
    escape_formula,
    whole,
    write_csv,
    write_error_workbook,
    write_text,
    write_xlsx,
)

DANGEROUS = ["=1+1", "+86 595", "-没有路灯", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']


def test_texts_are_read_with_place_and_label(tmp_path: Path) -> None:
    rows = [
        ["id", "text", "place", "label"],
        [7, LAMPS, "350581001006", "ENV03"],
        ["", "合计", "", ""],
    ]
    read = read_texts(text_file(tmp_path / "a.csv", rows))
    first, second = read.rows
    assert (first.id, first.text, first.place, first.label) == ("7", LAMPS, "350581001006", "ENV03")
    assert (second.id, second.text) == ("T2", "合计")


def test_an_empty_text_is_an_error_and_repeats_are_welcome(tmp_path: Path) -> None:
    rows = [["id", "text"], [1, LAMPS], [1, LAMPS], [2, " "]]
    read = read_texts(text_file(tmp_path / "a.csv", rows))
    assert len(read.rows) == 2 and found(read.errors) == [(4, "missing_text")]
    assert "重复" in read.warnings[0].message


def test_labelled_texts_need_both_halves(tmp_path: Path) -> None:
    rows = [["text", "label"], [LAMPS, "ENV03"], [LAMPS, ""], ["", "ENV03"]]
    read = read_labelled(text_file(tmp_path / "a.csv", rows))
    assert [(row.text, row.label) for row in read.rows] == [(LAMPS, "ENV03")]
    assert found(read.errors) == [(3, "bad_value"), (4, "missing_text")]
    with pytest.raises(OfficeError):
        read_labelled(text_file(tmp_path / "b.csv", [["text"], [LAMPS]]))


def test_chinese_headings_of_texts_are_known(tmp_path: Path) -> None:
    rows = [["编号", "诉求内容", "社区", "需求类型"], [1, LAMPS, "花园城", "路灯"]]
    row = read_texts(text_file(tmp_path / "a.csv", rows)).rows[0]
    assert (row.place, row.label) == ("花园城", "路灯")


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_large_table_is_read_whole(tmp_path: Path, kind: str) -> None:
    frame = polars.DataFrame(
        {
            "id": [str(at) for at in range(20_000)],
            "text": [f"{LAMPS}，第{at}户" for at in range(20_000)],
        }
    )
    path = tmp_path / f"a.{kind}"
    _ = frame.write_csv(path) if kind == "csv" else frame.write_parquet(path)
    rows = read_texts(path).rows
    assert len(rows) == 20_000
    assert rows[-1].text == f"{LAMPS}，第19999户"


def test_a_file_for_programs_is_plain_and_word_for_word(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ["id", "text", "n"], [[None, said, 1.5] for said in DANGEROUS])
    assert path.read_bytes().startswith(b"id,text,n\n")
    with path.open(encoding="utf-8", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == DANGEROUS


def test_a_file_for_people_opens_in_a_spreadsheet_and_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ["text", "n"], [[said, -5] for said in DANGEROUS], for_people=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == ["'" + said for said in DANGEROUS]
    assert {row["n"] for row in rows} == {"-5"}
    assert escape_formula("没有路灯") == "没有路灯"


def test_our_own_apostrophe_is_taken_off_when_the_file_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ["反映内容"], [["=1+1 是什么意思"]], for_people=True)
    assert read_statements(path, gazetteer=gazetteer()).rows[0].text == "=1+1 是什么意思"


def test_a_workbook_holds_text_as_text_and_stays_in_view(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [[said, 350581001006, date(2026, 3, 1), True, None] for said in DANGEROUS]
    sheet = SheetOut("诉求/表", ["反映内容", "代码", "日期", "是否", "空"], rows, title="2026年")
    write_xlsx(path, [sheet, SheetOut("诉求/表", ["x"], [])])
    work = openpyxl.load_workbook(path)
    page = work.worksheets[0]
    assert work.sheetnames == ["诉求表", "诉求表2"]
    assert page.freeze_panes == "A3"
    assert page.column_dimensions["A"].width > 6
    for at, said in enumerate(DANGEROUS, 3):
        cell = page.cell(at, 1)
        assert cell.data_type == "s" and cell.value == said and cell.quotePrefix
    assert page["B3"].value == "350581001006"
    assert page["C3"].value.date() == date(2026, 3, 1)


def test_rows_that_were_left_out_go_back_with_their_reasons(tmp_path: Path) -> None:
    rows = [
        ["2026年登记表"],
        HEAD,
        [1, LAMPS, "居民", "花园城", "2026-3-1", "访谈"],
        [2, LAMPS, "居民", "花园城村", "2026-2-30", "访谈"],
        [3, None, "居民", "锦江村", None, None],
    ]
    path = book(tmp_path / "a.xlsx", ("表", rows))
    source = read_book(path)
    read = read_statements(source, gazetteer=gazetteer())
    write_error_workbook(tmp_path / "错误.xlsx", source, read.errors, read.sheets)
    back = read_book(tmp_path / "错误.xlsx").sheets[0].rows
    assert back[0] == [*HEAD, "错误原因", "原行号"]
    assert [row[-1] for row in back[1:]] == [4, 5]
    assert "花园城社区" in str(back[1][6]) and "走访日期" in str(back[1][6])
    again = read_statements(tmp_path / "错误.xlsx", gazetteer=gazetteer())
    assert len(again.errors) == 3


def test_a_file_that_fails_halfway_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_text(path, "旧")

    def rows() -> object:
        yield [1]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_csv(path, ["n"], rows())  # type: ignore[arg-type]
    assert path.read_text(encoding="utf-8") == "旧"
    assert [found.name for found in tmp_path.iterdir()] == ["a.csv"]


def test_a_place_that_cannot_be_written_is_a_named_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OfficeError) as caught:
        write_csv(tmp_path / "file" / "a.csv", ["n"], [])
    assert caught.value.code == "cannot_write"
    with pytest.raises(OfficeError):
        whole(tmp_path, lambda path: path.write_text("x"))
