"""Sections 13 to 16: how it is judged, what remains, who helps, what is enclosed."""

from sanshe.engine.draft.document import Block, Draft, Paragraph, Table
from sanshe.engine.draft.evidence import Evidence
from sanshe.engine.draft.forms import RESOURCE_WORDS
from sanshe.engine.draft.live import yuan
from sanshe.engine.draft.plan import Plan
from sanshe.engine.draft.text import blank, plain
from sanshe.engine.draft.words import listed

Written = tuple[tuple[Block, ...], tuple[str, ...]]


def evaluation(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    middle = max(1, (plan.months + 1) // 2)
    goal = facts.rules.satisfaction
    rows = (
        ("过程", "服务进度、出席与记录完整性", "签到表、服务记录抽查", "每月", "项目负责人"),
        ("产出", "表9-1各项指标完成率", "与表8-1逐项核对", f"第{middle}月、第{plan.months}月",
         "项目负责人、社区"),
        ("成效", "表7-1具体目标；小组与课程前后测", "前后测、目标达成量表、访谈", "服务前、服务后",
         "一线社工、督导"),
        ("需求", f"表4-4中拟回应的{len(facts.planned)}项需求的办理结果", "逐项回访提出诉求的群体",
         f"第{middle}月、第{plan.months}月", "项目社工、社区"),
        ("满意度", f"满意度不低于{goal}%", "匿名问卷或电话回访", "每期服务结束",
         "非本服务的工作人员"),
        ("财务", "预算执行率与合规性", "专账与单据检查", "每季度", blank("财务负责人")),
    )  # fmt: skip
    return (
        Paragraph(
            "监测评估安排见表13-1，绩效评估参照《社会工作服务项目绩效评估指南》（MZ/T 059-2014）的"
            "原则与程序。满意度等于“非常满意”与“满意”之和除以有效问卷数，由被评价者以外的人员收集，"
            "老年人和儿童使用大字版、图示版问卷。"
        ),
        Table("表13-1 监测评估安排", ("方面", "看什么", "怎么看", "何时", "谁来做"), rows),
        Paragraph(
            "中期评估发现需求变化、指标偏离或预算偏差的，提出变更申请；"
            f"末期评估由{blank('评估方：社区、购买方或第三方')}组织，结果向居民公开。"
        ),
    ), ()  # fmt: skip


def lasting(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    titles = listed([a.title for a in plan.activities if a.objective is not None and a.kind in
                     ("group", "course", "activity", "training")], 3)  # fmt: skip
    kept = (
        f"把{titles}中成熟的做法整理成操作手册，交由社区和居民队伍延续"
        if titles
        else "把项目中成熟的做法整理成操作手册，交由社区和居民队伍延续"
    )
    carry = (
        f"本期没有列入的{len(facts.others)}项需求（表16-2）保留在社区需求库，"
        "作为下一年度立项与资源链接的依据"
        if facts.others
        else "未办结的需求保留在社区需求库，作为下一年度立项与资源链接的依据"
    )
    rows = (
        ("延续", "人", "从参加者中发现骨干，每个具体目标至少培养一支可自行运转的志愿或互助队伍"),
        ("延续", "做法", kept),
        ("延续", "需求", carry),
        ("延续", "经费", blank("项目结束后的经费安排，如社区基金、村（居）集体经费、慈善资助")),
        ("宣传", "启动前", "在公告栏和居民群公布服务清单、报名方式与监督电话，为老年人保留纸质通知"
         "和电话邀请"),
        ("宣传", "过程中", "按月公布服务进度和经费使用概况，少于5人的统计数字不单列"),
        ("宣传", "结束时", "以“需求—服务—结果”的形式向居民反馈，不出现可识别个人的细节"),
        ("宣传", "照片影像", "须征得本人或监护人书面同意"),
    )  # fmt: skip
    return (
        Paragraph("项目怎样延续、怎样告知居民，见表14-1。"),
        Table("表14-1 可持续性与宣传", ("方面", "环节", "安排"), rows),
    ), ()


def resources(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    used: dict[str, list[str]] = {}
    for need in facts.planned:
        if need.id in facts.matches:
            used.setdefault(facts.matches[need.id].offer, []).append(need.id)
    rows = []
    for offer_id, needs in used.items():
        offer = facts.offers[offer_id]
        rows.append((
            plain(offer.provider) or blank("提供方"),
            plain(offer.title),
            _kind(offer.kind, offer.charitable),
            "、".join(str(facts.rank[need]) for need in needs),
            str(offer.capacity),
            yuan(offer.unit_cost_fen) if offer.unit_cost_fen else "未报价",
        ))  # fmt: skip
    gifts = [facts.offers[o] for o in used
             if facts.offers[o].charitable or facts.offers[o].kind in RESOURCE_WORDS]  # fmt: skip
    blocks: list[Block] = []
    if rows:
        blocks += [
            Paragraph(
                f"经匹配，{len(rows)}项服务资源可以回应本期{sum(map(len, used.values()))}项需求"
                "（表15-1，“需求”为表4-4中的序号），确认后与提供方签订约定。"
                + (f"其中{len(gifts)}项属于志愿服务和社会慈善资源。" if gifts else "")
                + _elsewhere(facts)
                + "各方分工见表15-2。"
            ),
            Table("表15-1 匹配到的服务与资源",
                  ("提供方", "资源", "类型", "需求", "可承接量", "单价（元）"), tuple(rows)),
        ]  # fmt: skip
    else:
        blocks.append(Paragraph(
            "目前没有匹配到可用的服务与资源，链接工作列入启动期任务。各方分工见表15-2。"
        ))  # fmt: skip
    parts = (
        ("社区、社工", "社区提供场地与协调，社工负责专业方法"),
        ("志愿者", f"计划招募{blank('志愿者人数')}，培训后上岗，如实记录时间；有人身危险的岗位"
                   "购买保险，不接触服务对象的身份信息"),
        ("社会组织", "邀请文体、互助类队伍承担活动执行，以活动带动队伍成长"),
        ("慈善资源", "物资、资金、场地和岗位逐笔登记提供方、用途与去向，反馈捐赠方并公示；"
                     "本项目不自行开展公开募捐"),
    )  # fmt: skip
    blocks.append(Table("表15-2 五社分工", ("力量", "做什么"), parts))
    return tuple(blocks), tuple(need for needs in used.values() for need in needs)


def _elsewhere(facts: Evidence) -> str:
    spare = sum(need.id in facts.matches and not need.settled for need in facts.others)
    if not spare:
        return ""
    return f"另有{spare}项本期没有列入的需求也匹配到了资源（表16-2），由社工另行转介、跟进。"


def _kind(kind: str, charitable: bool) -> str:
    word = RESOURCE_WORDS.get(kind, "服务")
    return f"公益{word}" if charitable and kind != "volunteer" else word


def attachments(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    items = [
        "机构登记证书、年度报告（年检）与评估等级证明复印件",
        "项目负责人和一线社工的职业资格证书、登记证书复印件",
        "需求调研报告（含访谈提纲、问卷与汇总数据）",
        "需求清单与产出、预算明细电子表格",
        "预算报价依据",
        "服务对象知情同意书、活动报名表、满意度问卷样本",
        "社区（村）审议意见与公示材料",
    ]
    if any(need.leaf.startswith("CHD") for need in facts.planned):
        items.append("未成年人监护人同意书样本、工作人员违法犯罪记录查询证明")
    if facts.matches:
        items.append("表15-1所列提供方的服务意向书或约定")
    return (
        Paragraph("表16-1所列材料随方案提交，“待附”者提交前补齐。"),
        Table(
            "表16-1 附件清单",
            ("附件", "名称", "状态"),
            tuple((str(n), item, "待附") for n, item in enumerate(items, 1)),
        ),
        *_left(facts, bare),
    ), ()


def _left(facts: Evidence, bare: Draft) -> tuple[Block, ...]:
    """The needs that this proposal does not take up, so that none is lost."""
    shown = bare.others[: facts.rules.rows_in_appendix]
    if not shown:
        return ()
    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in shown:
        own = groups.setdefault((row.field, row.left), {}).setdefault(row.band, [])
        own.append(row.title + (f"（{row.voices}）" if row.voices > 1 else ""))
    order = list(dict.fromkeys(field for field, _ in groups))
    rows = sorted(groups.items(), key=lambda item: order.index(item[0][0]))
    words = "没有列入的需求按级别列入表16-2，多于一条诉求的注明条数。"
    if len(bare.others) > len(shown):
        rest = len(bare.others) - len(shown)
        words += f"表中列出前{len(shown)}项，其余{rest}项见随附的电子表格。"
    return (
        Paragraph(words),
        Table(
            "表16-2 本期没有列入的需求及理由",
            ("服务领域", "理由", "需求"),
            tuple((field, plain(left), _by_band(own)) for (field, left), own in rows),
        ),
    )


def _by_band(titles: dict[str, list[str]]) -> str:
    return "　".join(f"{band}：{'；'.join(own)}" for band, own in titles.items())
