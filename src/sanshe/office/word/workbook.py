"""The tables of a proposal as an Excel workbook that goes on calculating.

Typed text is always text, never a formula; the only formulas are ours: attendances, amounts, sums.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from sanshe.engine.draft.codes import ACTIVITY_KINDS, BUDGET_ACCOUNTS
from sanshe.engine.draft.document import Draft
from sanshe.engine.draft.words import BAND_WORDS, cn_date
from sanshe.office.word.ooxml import clean
from sanshe.office.write import whole

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LONGEST = 32_767
_RUNS = ("=", "+", "-", "@")


def proposal_workbook(draft: Draft, path: Path) -> None:
    """Write objectives, plan, outputs, budget, needs and sources, whole or not at all.

    Raises:
        OfficeError: the place cannot be written.
    """
    content = workbook_bytes(draft)
    whole(path, lambda temporary: temporary.write_bytes(content))


def workbook_bytes(draft: Draft) -> bytes:
    """The workbook as bytes, for a download."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, _OPTIONS) as book:
        book.set_properties({"title": clean(draft.cover.title)[:255], "author": "三社 Sanshe"})
        pens = _Pens(book)
        _objectives(_Sheet(book, pens, "目标与指标"), draft)
        _plan(_Sheet(book, pens, "服务计划"), draft)
        _outputs(_Sheet(book, pens, "产出指标"), draft)
        _budget(_Sheet(book, pens, "预算"), draft)
        _needs(_Sheet(book, pens, "需求清单"), draft)
        _sources(_Sheet(book, pens, "诉求出处"), draft)
    return memory.getvalue()


class _Pens:
    """The formats of the workbook."""

    def __init__(self, book: Any) -> None:
        line = {"border": 1, "border_color": "#A6A6A6", "valign": "vcenter"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            line | {"bold": True, "bg_color": "#EDEDED", "text_wrap": True, "align": "center"}
        )
        self.text = book.add_format(line | {"text_wrap": True, "num_format": "@"})
        self.quoted = book.add_format(
            line | {"text_wrap": True, "num_format": "@", "quote_prefix": True}
        )
        self.count = book.add_format(line | {"num_format": "#,##0.##"})
        self.whole = book.add_format(line | {"num_format": "#,##0"})
        self.money = book.add_format(line | {"num_format": "#,##0.00"})
        self.open = book.add_format(line | {"bg_color": "#FFF2CC"})
        self.sum = book.add_format(line | {"bold": True, "bg_color": "#F7F7F7"})
        self.sum_whole = book.add_format(
            line | {"bold": True, "bg_color": "#F7F7F7", "num_format": "#,##0"}
        )
        self.sum_money = book.add_format(
            line | {"bold": True, "bg_color": "#F7F7F7", "num_format": "#,##0.00"}
        )


class _Sheet:
    """One sheet: a title in row 1, headings in row 2, rows from row 3 (as Excel counts)."""

    def __init__(self, book: Any, pens: _Pens, name: str) -> None:
        self.pens = pens
        self.out = book.add_worksheet(name)
        self.name = name

    def head(self, title: str, columns: Sequence[tuple[str, int]]) -> None:
        self.out.write_string(0, 0, clean(title)[:_LONGEST], self.pens.title)
        for at, (word, width) in enumerate(columns):
            self.out.write_string(1, at, word, self.pens.head)
            self.out.set_column(at, at, width)
        self.out.freeze_panes(2, 0)
        self.out.set_paper(9)
        self.out.set_landscape()
        self.out.fit_to_pages(1, 0)
        self.out.repeat_rows(1)

    def text(self, row: int, at: int, words: str) -> None:
        words = clean(words)[:_LONGEST]
        pen = self.pens.quoted if words.startswith(_RUNS) else self.pens.text
        self.out.write_string(row, at, words, pen)

    def number(self, row: int, at: int, value: float, pen: Any = None) -> None:
        self.out.write_number(row, at, value, pen or self.pens.count)

    def formula(self, row: int, at: int, words: str, value: float, pen: Any) -> None:
        self.out.write_formula(row, at, words, pen, value)


def _objectives(sheet: _Sheet, draft: Draft) -> None:
    sheet.head(f"{draft.cover.title}：目标与指标", [
        ("序号", 6), ("具体目标", 48), ("指标", 20), ("基线", 22), ("目标值", 10), ("单位", 8),
        ("数据来源", 22), ("完成时限", 16), ("回应的需求", 40),
    ])  # fmt: skip
    titles = {need.id: f"{n}. {need.title}" for n, need in enumerate(draft.needs, 1)}
    for row, one in enumerate(draft.objectives, 2):
        sheet.number(row, 0, row - 1)
        sheet.text(row, 1, one.statement)
        sheet.text(row, 2, one.indicator)
        sheet.text(row, 3, one.baseline)
        sheet.number(row, 4, one.target)
        sheet.text(row, 5, one.unit)
        sheet.text(row, 6, one.source)
        sheet.text(row, 7, cn_date(one.due_on) if one.due_on else "【待填】")
        sheet.text(row, 8, "；".join(titles.get(n, n) for n in one.needs) or one.override)


def _plan(sheet: _Sheet, draft: Draft) -> None:
    sheet.head(f"{draft.cover.title}：服务计划", [
        ("序号", 6), ("形式", 12), ("内容", 40), ("节（场）次", 11), ("每次人数", 10),
        ("人次", 10), ("开始（项目第几月）", 12), ("目标", 8), ("负责人", 24),
    ])  # fmt: skip
    for row, one in enumerate(draft.activities, 2):
        sheet.number(row, 0, row - 1)
        sheet.text(row, 1, ACTIVITY_KINDS.get(one.kind, one.kind))
        sheet.text(row, 2, one.title)
        sheet.number(row, 3, one.sessions)
        sheet.number(row, 4, one.people)
        sheet.formula(row, 5, f"=D{row + 1}*E{row + 1}", one.attendances, sheet.pens.whole)
        sheet.number(row, 6, one.month)
        sheet.text(row, 7, "全部" if one.objective is None else str(one.objective + 1))
        sheet.text(row, 8, one.owner or "【待填】")
    last = len(draft.activities) + 2
    for at in range(9):
        sheet.out.write_blank(last, at, None, sheet.pens.sum)
    sheet.out.write_string(last, 0, "合计", sheet.pens.sum)
    for at, letter in ((3, "D"), (5, "F")):
        total = sum(a.sessions if at == 3 else a.attendances for a in draft.activities)
        sheet.formula(last, at, f"=SUM({letter}3:{letter}{max(last, 3)})"
                      if draft.activities else "=0", total, sheet.pens.sum_whole)  # fmt: skip


def _outputs(sheet: _Sheet, draft: Draft) -> None:
    sheet.head(f"{draft.cover.title}：产出指标", [
        ("形式", 14), ("指标", 28), ("目标值", 12), ("单位", 10),
    ])  # fmt: skip
    end = len(draft.activities) + 2
    for row, one in enumerate(draft.outputs, 2):
        column = "F" if one.unit == "人次" else "D"
        words = f"=SUMIF(服务计划!$B$3:$B${end},A{row + 1},服务计划!${column}$3:${column}${end})"
        sheet.text(row, 0, ACTIVITY_KINDS[one.kind])
        sheet.text(row, 1, one.name)
        sheet.formula(row, 2, words, one.target, sheet.pens.whole)
        sheet.text(row, 3, one.unit)


def _budget(sheet: _Sheet, draft: Draft) -> None:
    sheet.head(f"{draft.cover.title}：预算（元；没有单价的行金额为 0，未计入合计）", [
        ("科目", 18), ("项目", 40), ("单价", 12), ("数量", 10), ("单位", 8), ("金额", 14),
        ("依据", 44), ("资金来源", 18),
    ])  # fmt: skip
    for row, one in enumerate(draft.budget, 2):
        sheet.text(row, 0, BUDGET_ACCOUNTS.get(one.account, one.account))
        sheet.text(row, 1, one.item)
        if one.priced:
            sheet.number(row, 2, one.unit_price_fen / 100, sheet.pens.money)
        else:
            sheet.out.write_blank(row, 2, None, sheet.pens.open)
        if one.quantity:
            sheet.number(row, 3, float(one.quantity))
        else:
            sheet.out.write_blank(row, 3, None, sheet.pens.open)
        sheet.text(row, 4, one.unit)
        words = f"=ROUND(C{row + 1}*D{row + 1},2)"
        sheet.formula(row, 5, words, one.amount_fen / 100, sheet.pens.money)
        sheet.text(row, 6, one.basis)
        sheet.text(row, 7, one.funder or "【待填】")
    last = len(draft.budget) + 2
    for at in range(8):
        sheet.out.write_blank(last, at, None, sheet.pens.sum)
    sheet.out.write_string(last, 0, "合计", sheet.pens.sum)
    words = f"=SUM(F3:F{last})" if draft.budget else "=0"
    sheet.formula(last, 5, words, draft.total_fen / 100, sheet.pens.sum_money)
    for offset, (account, name) in enumerate(BUDGET_ACCOUNTS.items()):
        row = last + 2 + offset
        total = sum(line.amount_fen for line in draft.budget if line.account == account)
        sheet.text(row, 0, name)
        words = f"=SUMIF($A$3:$A${last},A{row + 1},$F$3:$F${last})"
        sheet.formula(row, 5, words, total / 100, sheet.pens.money)


def _needs(sheet: _Sheet, draft: Draft) -> None:
    sheet.head(f"{draft.cover.title}：需求清单", [
        ("序号", 6), ("需求", 40), ("服务领域", 18), ("需求类型", 20), ("级别", 14), ("得分", 8),
        ("诉求条数", 10), ("受访对象", 30), ("证据（Bradshaw）", 24), ("匹配的资源", 36),
        ("未匹配的原因", 40), ("不列入本期的理由", 22),
    ])  # fmt: skip
    for row, one in enumerate([*draft.needs, *draft.others], 2):
        if not one.left:
            sheet.number(row, 0, row - 1)
        sheet.text(row, 1, one.title)
        sheet.text(row, 2, one.field)
        sheet.text(row, 3, one.leaf)
        sheet.text(row, 4, BAND_WORDS.get(one.band, one.band))
        sheet.number(row, 5, round(one.priority, 1))
        sheet.number(row, 6, one.voices)
        sheet.text(row, 7, "、".join(one.informants))
        sheet.text(row, 8, "、".join(one.evidence))
        sheet.text(row, 9, one.answered_by)
        sheet.text(row, 10, one.gap)
        sheet.text(row, 11, one.left)
    if last := len(draft.needs) + len(draft.others):
        sheet.out.autofilter(1, 0, last + 1, 11)


def _sources(sheet: _Sheet, draft: Draft) -> None:
    sheet.head(f"{draft.cover.title}：正文引用的诉求", [
        ("诉求编号", 12), ("原话（已遮盖个人信息）", 90), ("出处", 44),
    ])  # fmt: skip
    for row, one in enumerate(draft.notes.values(), 2):
        sheet.text(row, 0, one.id)
        sheet.text(row, 1, one.words)
        sheet.text(row, 2, one.source)
