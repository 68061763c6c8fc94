"""Sections 8 to 12: the words before the tables of rows."""

from sanshe.engine.draft.document import Block, Bullets, Draft, Heading, Paragraph
from sanshe.engine.draft.evidence import Evidence
from sanshe.engine.draft.means import effort
from sanshe.engine.draft.plan import Plan
from sanshe.engine.draft.text import blank, plain
from sanshe.engine.draft.words import listed

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
            basis + "节（场）次与人数由诉求条数、核实的涉及人数和资源的可承接量估算，详见表8-1；"
            "级别高的需求先安排。"
        ),
        Heading("实施阶段"),
        Bullets(stages),
        Heading("服务安排"),
        Paragraph(
            "表8-1的“内容”凡由外部资源承担的，名称与负责人取自匹配结果，签约前须与提供方核实；"
            "其余由项目社工实施。每项服务事前有计划、事中有记录、事后有小结。"
        ),
    ), needs


def _stages(months: int) -> tuple[str, ...]:
    if months < 3:
        return (
            "筹备与启动：召开启动会，向居民公布需求清单和服务安排，确定联络人与场地。",
            "实施与总结：按表8-1开展服务，结束前向居民反馈办理结果。",
        )
    middle = max(2, (months + 1) // 2)
    return (
        "启动期（第1月）：召开启动会，向居民公布需求清单与服务安排；补充走访未听到的群体；签订资源约定。",
        f"实施期（第2月至第{months - 1}月）：按表8-1开展服务；第{middle}月进行中期评估，"
        "复核需求并调整安排。",
        f"总结期（第{months}月）：成效测评、资料归档，召开居民反馈会，逐项说明需求的办理结果。",
    )


def outputs(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    return (
        Paragraph(
            "产出指标由表8-1逐项相加得出，服务安排调整时随之改变，不另行填写。“人次”为每次到场人数之和，"
            "“人数”须去重后另行统计，两者不得混用。"
        ),
        Paragraph(
            f"除表9-1外，服务对象满意度（非常满意与满意之和占有效问卷的比例）不低于"
            f"{facts.rules.satisfaction}%（产品默认值，可由购买方调整）；新增志愿者"
            f"{blank('新增志愿者人数')}，培育社区社会组织{blank('培育组织数')}。"
        ),
    ), ()


def team(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    work = effort(facts, plan)
    return (
        Paragraph(
            f"表8-1的服务连同准备与记录约需{round(work.hours)}工时，按{plan.months}个月折算每周约"
            f"{work.hours_week * work.workers}工时，需一线社工{work.workers}名；折算标准为产品默认"
            "值，机构可按经验修改。团队构成见表10-1，其中至少一名持有社会工作者职业资格证书。"
        ),
        Bullets((
            "项目负责人统筹进度、经费与质量，是社区和居民的固定联络人。",
            "一线社工承担个案、小组与社区工作，服务记录在24小时内完成。",
            "督导每月至少一次，审核个案开结案，对高风险情形即时介入。",
        )),
        *_minors(facts),
    ), ()  # fmt: skip


def _minors(facts: Evidence) -> list[Block]:
    if not any(need.leaf.startswith("CHD") for need in facts.planned):
        return []
    return [Paragraph(
        "本项目含未成年人服务，凡与未成年人密切接触的人员，聘用前和每年均须按《中华人民共和国未成年人"
        "保护法》第六十二条查询违法犯罪记录，无有效查询结果的不得排班。"
    )]  # fmt: skip


def budget(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    priced = [line for line in bare.budget if line.priced]
    open_lines = len(bare.budget) - len(priced)
    blocks: list[Block] = [
        Paragraph(
            "预算按九个科目编列如表11-1，金额等于单价乘以数量，以分为单位计算后逐行相加。"
            "数量取自表8-1，单价仅采用提供方的报价。"
        )
    ]
    if open_lines:
        blocks.append(Paragraph(
            "没有报价或须由机构、资助方确定标准的行，单价留作待填，金额记为“未计入”，不在合计之内；"
            "提交前应逐行补齐，或删去不需要的行。"
        ))  # fmt: skip
    funder = plain(facts.project.funder)
    source = f"申请资金来源为{funder}。" if funder else f"资金来源：{blank('资金来源或购买方')}。"
    blocks.append(Paragraph(
        source + "各科目的上限与禁列事项以资助方或购买方的规定为准。经费专账管理、单据齐全，"
        f"拨付进度：{blank('各期拨款比例与条件')}。"
    ))  # fmt: skip
    return tuple(blocks), ()


def risks(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    fields = listed(
        [facts.field_name(code) for code in dict.fromkeys(n.leaf[:3] for n in facts.planned)], 5
    )
    about = f"结合{fields}服务的特点和拟采用的服务形式" if fields else "结合拟采用的服务形式"
    return (
        Paragraph(
            f"{about}，项目组识别出{len(bare.risks)}项主要风险（表12-1）。项目负责人每月检视一次，"
            "发生的风险事件当日报告督导，一周内书面说明处理结果。"
        ),
    ), ()
