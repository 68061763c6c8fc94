"""What a proposal shows of its rows: always drawn from the rows as they are, never from text."""

from dataclasses import replace
from decimal import Decimal

from sanshe.engine.draft.codes import ACTIVITY_KINDS, BUDGET_ACCOUNTS
from sanshe.engine.draft.document import Block, BudgetLine, Draft, Table, folded
from sanshe.engine.draft.text import blank, plain
from sanshe.engine.draft.words import cn_date, or_blank, period

#: A blank in a column whose heading says what is to be filled in.
OPEN = "【待填】"
#: The sections that end with a table of rows.
LIVE_SECTIONS = (7, 8, 9, 10, 11, 12)


def live_tables(draft: Draft, number: int) -> tuple[Table, ...]:
    """The tables that stand at the end of a section, as the rows are now."""
    makers = {7: _objectives, 8: _activities, 9: _outputs, 10: _team, 11: _budget, 12: _risks}
    maker = makers.get(number)
    return (maker(draft),) if maker else ()


def shown_blocks(draft: Draft, number: int) -> tuple[Block, ...]:
    """All a section shows: its words, then its tables of rows; basic data as of today."""
    return (*basics_renewed(draft, draft.section(number).blocks), *live_tables(draft, number))


def basics_renewed(draft: Draft, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks, with today's facts in the table of basic data if it is among them."""
    return tuple(_renewed(draft, block) for block in blocks)


def _renewed(draft: Draft, block: Block) -> Block:
    """The table of basic data with today's facts; what people added, or alone know, stays."""
    if not isinstance(block, Table) or not block.caption.startswith("表1-1"):
        return block
    now = {label: value for label, value in basic_rows(draft) if "【待填" not in value}
    rows = tuple((label, now.get(label, value)) for label, value in block.rows)
    return replace(block, rows=rows)


def basic_rows(draft: Draft) -> tuple[tuple[str, str], ...]:
    """The basic data of a proposal (表1-1)."""
    cover = draft.cover
    place = " ".join(filter(None, [plain(cover.town), plain(cover.community)]))
    unpriced = sum(not line.priced for line in draft.budget)
    total = amount(draft.total_fen)
    if unpriced:
        total += f"（另有{unpriced}行预算待定价，未计入，见表11-1）"
    return (
        ("项目名称", or_blank(cover.title, "项目名称")),
        ("实施社区（村）", place or blank("社区（村）")),
        ("区划代码", or_blank(cover.community_code, "区划代码")),
        ("承担机构", or_blank(cover.organization, "承担机构名称")),
        ("项目负责人", or_blank(cover.lead, "项目负责人姓名")),
        ("联系电话", blank("联系电话")),
        ("项目周期", period(cover.starts_on, cover.ends_on, "项目起止日期")),
        ("申请金额", total),
        ("版本号", f"第{cover.version}版"),
    )


def yuan(fen: int) -> str:
    """1234567 → 12,345.67"""
    return f"{Decimal(fen) / 100:,.2f}"


def amount(fen: int) -> str:
    """A sum of money in words for a sentence: 12,345.67元."""
    return f"{yuan(fen)}元"


def quantity(value: Decimal) -> str:
    """3.00 → 3, 2.50 → 2.5"""
    words = f"{value:f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def _objectives(draft: Draft) -> Table:
    rank = {need.id: str(index) for index, need in enumerate(draft.needs, 1)}
    rows = tuple(
        (
            str(index),
            row.statement,
            f"{row.indicator}：{row.target}{plain(row.unit)}",
            row.baseline,
            row.source,
            cn_date(row.due_on) if row.due_on else OPEN,
            "、".join(rank.get(need, need) for need in row.needs) or plain(row.override) or "—",
        )
        for index, row in enumerate(draft.objectives, 1)
    )
    return Table(
        "表7-1 具体目标与指标（末列为表4-4中的需求序号）",
        ("序号", "具体目标", "指标与目标值", "基线", "数据来源", "完成时限", "对应需求"),
        rows,
    )


def _activities(draft: Draft) -> Table:
    rows = [
        (
            str(index),
            ACTIVITY_KINDS.get(row.kind, row.kind),
            row.title,
            str(row.sessions),
            str(row.people),
            str(row.attendances),
            f"第{row.month}月",
            str(row.objective + 1) if row.objective is not None else "全部",
            row.owner or OPEN,
        )
        for index, row in enumerate(draft.activities, 1)
    ]
    return Table(
        "表8-1 服务内容与进度",
        ("序号", "形式", "内容", "节（场）次", "每次人数", "人次", "开始", "目标", "负责人"),
        tuple(rows),
    )


def _outputs(draft: Draft) -> Table:
    rows = tuple((row.name, f"{row.target:,}", row.unit) for row in draft.outputs)
    return folded(Table("表9-1 产出指标（由表8-1逐项相加）", ("指标", "目标值", "单位"), rows))


def _team(draft: Draft) -> Table:
    rows = tuple(
        (
            row.part,
            row.name or OPEN,
            row.certificate or OPEN,
            str(row.hours_week) if row.hours_week else OPEN,
        )
        for row in draft.team
    )
    return Table("表10-1 项目团队", ("职责", "姓名", "职业资格", "每周工时"), rows)


def _budget(draft: Draft) -> Table:
    rows: list[tuple[str, ...]] = []
    for account, name in BUDGET_ACCOUNTS.items():
        lines = [line for line in draft.budget if line.account == account]
        rows += [_budget_row(name, line) for line in lines]
        if len(lines) > 1:
            total = yuan(sum(line.amount_fen for line in lines))
            rows.append(("小计", name, "", "", total, "", ""))
    rows.append(("合计", "", "", "", yuan(draft.total_fen), "", ""))
    head: tuple[str, ...] = ("科目", "项目", "单价", "数量", "金额", "依据", "资金来源")
    funders = {line.funder for line in draft.budget}
    said = "金额单位：元；未定价的行不计入合计"
    if len(funders) < 2:
        # One purse for everything needs no column.
        said += f"；资金来源：{plain(''.join(funders)) or OPEN}"
        head, rows = head[:-1], [row[:-1] for row in rows]
    return Table(f"表11-1 预算明细（{said}）", head, tuple(rows))


def _budget_row(account: str, line: BudgetLine) -> tuple[str, ...]:
    return (
        account,
        line.item,
        yuan(line.unit_price_fen) if line.priced else OPEN,
        f"{quantity(line.quantity) if line.quantity else OPEN}{plain(line.unit)}",
        yuan(line.amount_fen) if line.priced else "未计入",
        line.basis,
        line.funder or OPEN,
    )


def _risks(draft: Draft) -> Table:
    rows = tuple((str(index), row.risk, row.response) for index, row in enumerate(draft.risks, 1))
    return Table("表12-1 风险与应对", ("序号", "风险", "应对"), rows)
