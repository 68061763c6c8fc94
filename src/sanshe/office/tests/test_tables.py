"""Every kind of file is read as what it is, whatever it is called."""

import shutil
import subprocess
import time
from datetime import date
from pathlib import Path

import openpyxl
import polars
import pytest

from sanshe.office.errors import OfficeError
from sanshe.office.tables import read_book
from sanshe.office.tests.biff import xls
from sanshe.office.tests.messy import book, document, text_file

ROWS = [["反映内容", "社区"], ["晚上没有路灯，老人不敢出门", "花园城社区"]]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_tables_are_read_in_every_encoding_and_separator(
    tmp_path: Path, code: str, separator: str
) -> None:
    path = text_file(tmp_path / "a.csv", ROWS, code=code, separator=separator)
    assert read_book(path).sheets[0].rows == ROWS


def test_rows_of_a_text_table_are_counted_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        '标题\n\n反映内容,社区\n"第一行\n第二行",花园城\n再一条,金林\n', encoding="utf-8"
    )
    rows = read_book(path).sheets[0].rows
    assert rows[2] == ["反映内容", "社区"]
    assert rows[3] == ["第一行\n第二行", "花园城"]
    assert rows[4] == ["再一条", "金林"]


def test_commas_inside_quotes_do_not_choose_the_separator(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('text;place\n"a, b, c";x\n"d, e";y\n', encoding="utf-8")
    assert read_book(path).sheets[0].rows[1] == ["a, b, c", "x"]


def test_a_separator_line_and_old_line_ends_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("sep=;\r\ntext;place\r\n没有路灯;金林\r\n".encode())
    assert read_book(path).sheets[0].rows == [["text", "place"], ["没有路灯", "金林"]]
    path.write_bytes("text,place\r没有路灯,金林\r".encode())
    assert read_book(path).sheets[0].rows == [["text", "place"], ["没有路灯", "金林"]]


def test_a_workbook_keeps_types_hidden_sheets_and_row_numbers(tmp_path: Path) -> None:
    work = openpyxl.Workbook()
    sheet = work.worksheets[0]
    sheet.title = "表"
    sheet["B3"], sheet["C3"], sheet["D3"] = date(2026, 3, 1), 350581001006, True
    work.create_sheet("藏").sheet_state = "hidden"
    work.save(tmp_path / "a.xlsx")
    found = read_book(tmp_path / "a.xlsx")
    assert found.kind == "xlsx"
    assert found.sheets[0].rows == [[], [], [None, date(2026, 3, 1), 350581001006, True]]
    assert [sheet.hidden for sheet in found.sheets] == [False, True]


def test_merged_cells_are_filled_down_and_right(tmp_path: Path) -> None:
    rows = [["标题", None, None], ["甲", "x", 1], [None, "y", 2], [None, "z", 3]]
    path = book(tmp_path / "a.xlsx", ("表", rows), merges=["A1:C1", "A2:A4"])
    sheet = read_book(path).sheets[0]
    assert sheet.rows[0] == ["标题", "标题", "标题"]
    assert [row[0] for row in sheet.rows[1:]] == ["甲", "甲", "甲"]
    assert sheet.bands == {0: [(0, 2)]}


def test_a_row_made_only_of_merged_cells_is_no_row(tmp_path: Path) -> None:
    rows = [["a", "b"], ["甲", "x"], [None, None], ["乙", "y"]]
    path = book(tmp_path / "a.xlsx", ("表", rows), merges=["A2:A3", "B2:B3"])
    assert read_book(path).sheets[0].rows == [["a", "b"], ["甲", "x"], [], ["乙", "y"]]


def test_an_old_workbook_is_read_with_merges_and_hidden_sheets(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(xls([*ROWS, ["x", None]], merges=[(1, 1, 2, 1)], hidden=[["藏"]]))
    found = read_book(path)
    assert found.kind == "xls"
    assert found.sheets[0].rows == [*ROWS, ["x", "花园城社区"]]
    assert found.sheets[1].hidden


def test_a_document_gives_its_tables_and_the_words_before_them(tmp_path: Path) -> None:
    path = document(
        tmp_path / "a.docx",
        "2026年走访记录",
        [["社区", "反映内容"], ["花园城", "没有路灯"], ["^", "垃圾太多"]],
        "附表",
        [["x"]],
    )
    found = read_book(path)
    assert [sheet.name for sheet in found.sheets] == ["表1", "表2"]
    assert found.sheets[0].rows[2] == ["花园城", "垃圾太多"]
    assert found.sheets[0].notes == ["2026年走访记录"]


def test_parquet_is_read_with_its_names_as_headings(tmp_path: Path) -> None:
    frame = polars.DataFrame({"text": ["没有路灯"], "date": [date(2026, 3, 1)], "n": [1.5]})
    frame.write_parquet(tmp_path / "a.parquet")
    rows = read_book(tmp_path / "a.parquet").sheets[0].rows
    assert rows == [["text", "date", "n"], ["没有路灯", date(2026, 3, 1), 1.5]]


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_what_libreoffice_saves_is_read_with_its_merges(tmp_path: Path, kind: str) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    rows = [["社区", "反映内容"], ["花园城", "没有路灯"], [None, "垃圾太多"]]
    path = book(tmp_path / "a.xlsx", ("表", rows), ("藏", [["x"]]), merges=["A2:A3"], hidden=["藏"])
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=120)
    found = read_book(tmp_path / f"a.{kind}")
    assert found.kind == kind
    assert found.sheets[0].rows[2] == ["花园城", "垃圾太多"]
    assert found.sheets[1].hidden


@pytest.mark.parametrize("name", ["a.xls", "a.csv", "a.docx", "无后缀"])
def test_a_workbook_is_known_by_its_content_not_by_its_name(tmp_path: Path, name: str) -> None:
    path = book(tmp_path / "a.xlsx", ("表", ROWS))
    assert read_book(path.rename(tmp_path / name)).sheets[0].rows == ROWS


def test_an_old_workbook_or_a_text_named_xlsx_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xls(ROWS))
    assert read_book(path).kind == "xls"
    text_file(path, ROWS, separator="\t")
    assert read_book(path).kind == "text"


def test_names_with_spaces_chinese_and_dashes_are_no_trouble(tmp_path: Path) -> None:
    path = text_file(tmp_path / "-走访 记录（终稿）.csv", ROWS)
    assert read_book(path).sheets[0].rows == ROWS
    assert read_book(str(path)).name == path.name


def test_a_module_in_the_working_directory_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "csv.py").write_text("raise SystemExit(3)")
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    path = text_file(tmp_path / "a.csv", ROWS)
    monkeypatch.chdir(tmp_path)
    assert read_book(Path("a.csv")).sheets[0].rows == ROWS
    assert path.exists()


def test_a_small_workbook_is_read_within_seven_tenths_of_a_second(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("表", [ROWS[0], *[ROWS[1]] * 240]))
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        assert len(read_book(path).sheets[0].rows) == 241
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.7


def test_missing_and_strange_paths_are_refused_in_one_sentence(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "无.csv", "missing"), (tmp_path, "not_a_file")):
        with pytest.raises(OfficeError) as caught:
            read_book(path)
        assert caught.value.code == code
        assert caught.value.message.count("。") == 1 and caught.value.message_en
