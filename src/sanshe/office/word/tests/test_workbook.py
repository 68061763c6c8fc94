"""The workbook goes on calculating, and typed text never does."""

from dataclasses import replace
from pathlib import Path

import openpyxl

from sanshe.engine.draft.tests.factories import NEEDS, make_draft, make_need
from sanshe.office.word import proposal_workbook


def test_sums_are_formulas_with_their_values(tmp_path: Path) -> None:
    made = make_draft()
    proposal_workbook(made, tmp_path / "p.xlsx")
    formulas = openpyxl.load_workbook(tmp_path / "p.xlsx")
    values = openpyxl.load_workbook(tmp_path / "p.xlsx", data_only=True)
    last = len(made.budget) + 3
    assert formulas["预算"].cell(last, 6).value == f"=SUM(F3:F{last - 1})"
    assert values["预算"].cell(last, 6).value == made.total_fen / 100
    assert formulas["服务计划"]["F3"].value == "=D3*E3"
    outputs = {values["产出指标"].cell(row, 2).value: values["产出指标"].cell(row, 3).value
               for row in range(3, 3 + len(made.outputs))}  # fmt: skip
    assert outputs == {output.name: output.target for output in made.outputs}


def test_all_sheets_are_there_and_safety_is_in_none(tmp_path: Path) -> None:
    proposal_workbook(make_draft(), tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    assert book.sheetnames == ["目标与指标", "服务计划", "产出指标", "预算", "需求清单", "诉求出处"]
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row]
    assert not any("被打" in cell or "动手" in cell for cell in cells)


def test_typed_text_is_never_a_formula(tmp_path: Path) -> None:
    need = make_need("N1", title='=HYPERLINK("http://x")', statements=("1",))
    made = make_draft(needs=(need, *NEEDS[1:]))
    made = replace(made, cover=replace(made.cover, title="=1+1"))
    proposal_workbook(made, tmp_path / "p.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "p.xlsx")["需求清单"]
    assert sheet["B3"].value == '=HYPERLINK("http://x")'
    assert sheet["B3"].data_type == "s"


def test_a_draft_without_rows_gives_a_workbook(tmp_path: Path) -> None:
    empty = replace(make_draft(), objectives=(), activities=(), budget=(), needs=(), notes={})
    proposal_workbook(empty, tmp_path / "p.xlsx")
    assert openpyxl.load_workbook(tmp_path / "p.xlsx", data_only=True)["预算"]["F3"].value == 0
