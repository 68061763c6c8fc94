"""Sections 8 to 12: the words before the tables of rows."""

from sanshe.engine.draft.document import Block, Draft, Paragraph
from sanshe.engine.draft.evidence import Evidence
from sanshe.engine.draft.means import effort
from sanshe.engine.draft.plan import Plan
from sanshe.engine.draft.text import blank, plain

Written = tuple[tuple[Block, ...], tuple[str, ...]]


def services(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    project = facts.project
    known = project.starts_on is not None and project.ends_on is not None
    basis = (
        f"项目周期共{plan.months}个月，月份按项目月计（第1月为开始日期所在月）。"
        if known
        else f"项目周期{blank('项目起止日期')}，本章暂按{plan.months}个月排布，确定后按比例调整。"
    )
    stages = _stages(plan.months)
    needs = tuple(need.id for need in facts.planned)
    return (
        Paragraph(
            basis + "节（场）次与人数由诉求条数、核实的涉及人数和资源的可承接量估算（表8-1），"
            "级别高的需求先安排。由外部资源承担的，名称与负责人取自匹配结果，签约前须与提供方核实；"
            "其余由项目社工实施。"
        ),
        Paragraph(stages),
    ), needs


def _stages(months: int) -> str:
    start = "公布需求清单与服务安排，补充走访未听到的群体，签订资源约定"
    end = "成效测评、资料归档，向居民逐项反馈办理结果"
    if months < 3:
        return f"启动时{start}；随后按表8-1开展服务；结束前{end}。"
    middle = max(2, (months + 1) // 2)
    return (
        f"分三个阶段：第1月启动，{start}；第2月至第{months - 1}月按表8-1开展服务，"
        f"第{middle}月进行中期评估并调整安排；第{months}月总结，{end}。"
    )


def outputs(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    return (
        Paragraph(
            "产出指标由表8-1逐项相加得出，随服务安排改变。“人次”为每次到场人数之和，“人数”须去重后"
            f"另行统计。除表9-1外，服务对象满意度（计算方法见第13章）不低于"
            f"{facts.rules.satisfaction}%（默认值，购买方可调整）；新增志愿者"
            f"{blank('新增志愿者人数')}，培育社区社会组织{blank('培育组织数')}。"
        ),
    ), ()


def team(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    work = effort(facts, plan)
    return (
        Paragraph(
            f"表8-1的服务连同准备与记录约需{round(work.hours)}工时，按{plan.months}个月折算每周约"
            f"{work.hours_week * work.workers}工时，需一线社工{work.workers}名；折算标准为默认值，"
            "机构可按经验修改。团队见表10-1，至少一名持有社会工作者职业资格证书。"
            "项目负责人是固定联络人；督导每月至少一次，审核个案开结案，对高风险情形即时介入。"
        ),
        *_minors(facts),
    ), ()  # fmt: skip


def _minors(facts: Evidence) -> list[Block]:
    if not any(need.leaf.startswith("CHD") for need in facts.planned):
        return []
    return [Paragraph(
        "与未成年人密切接触的人员，聘用前和每年均须按《中华人民共和国未成年人保护法》第六十二条查询"
        "违法犯罪记录，无有效查询结果的不得排班。"
    )]  # fmt: skip


def budget(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    priced = [line for line in bare.budget if line.priced]
    open_lines = len(bare.budget) - len(priced)
    blocks: list[Block] = [
        Paragraph(
            "预算按九个科目编列如表11-1，金额等于单价乘以数量；数量取自表8-1，单价仅采用提供方的报价。"
            + (
                "没有报价的行单价留作待填，不在合计之内，提交前应逐行补齐或删去。"
                if open_lines
                else ""
            )
        )
    ]
    funder = plain(facts.project.funder)
    source = f"申请资金来源为{funder}。" if funder else f"资金来源：{blank('资金来源或购买方')}。"
    blocks.append(Paragraph(
        source + "各科目的上限与禁列事项以资助方或购买方的规定为准，经费专账管理。"
        f"拨付进度：{blank('各期拨款比例与条件')}。"
    ))  # fmt: skip
    return tuple(blocks), ()


def risks(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    return (
        Paragraph(
            f"由服务对象和服务形式识别出{len(bare.risks)}项主要风险（表12-1）。项目负责人每月检视一次，"
            "风险事件当日报告督导，一周内书面说明处理结果。"
        ),
    ), ()
