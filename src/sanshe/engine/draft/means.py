"""Who works, what it costs and what may go wrong: team, budget and risks from the plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from sanshe.engine.draft.document import Activity, BudgetLine, Risk, TeamRow
from sanshe.engine.draft.evidence import Evidence
from sanshe.engine.draft.facts import DraftOffer
from sanshe.engine.draft.forms import PRICE_UNITS
from sanshe.engine.draft.plan import Plan
from sanshe.engine.draft.text import plain
from sanshe.engine.draft.words import cut

_WEEKS_A_MONTH = 52 / 12
#: Kinds of activity that need material and a room where no offer brings them.
_MATERIAL = ("group", "activity", "course", "training")


@dataclass(frozen=True)
class Effort:
    """Hours of work in the plan, and the workers it takes."""

    hours: float
    workers: int
    hours_week: int


def effort(facts: Evidence, plan: Plan) -> Effort:
    """The hours of all activities by the rules' hours, over the weeks of the period."""
    hours = 0.0
    for activity in plan.activities:
        count = activity.attendances if activity.kind == "visit" else activity.sessions
        hours += count * facts.rules.hours[activity.kind]
    a_week = hours / (plan.months * _WEEKS_A_MONTH)
    workers = max(1, ceil(a_week / facts.rules.hours_week))
    return Effort(hours, workers, max(1, ceil(a_week / workers)))


def make_team(facts: Evidence, plan: Plan) -> tuple[TeamRow, ...]:
    """The people already named, then open posts up to what the plan takes."""
    project, work = facts.project, effort(facts, plan)
    certificates = {colleague.name: colleague.certificate for colleague in project.team}
    rows = [TeamRow("项目负责人", plain(project.lead), certificates.get(project.lead, ""))]
    for colleague in project.team:
        if colleague.name != project.lead:
            part = plain(colleague.part) or "一线社工"
            rows.append(TeamRow(part, plain(colleague.name), plain(colleague.certificate),
                                colleague.hours_week))  # fmt: skip
    workers = sum(row.part == "一线社工" for row in rows)
    rows += [TeamRow("一线社工", hours_week=work.hours_week)] * (work.workers - workers)
    if not any("督导" in row.part for row in rows):
        rows.append(TeamRow("督导"))
    return tuple(rows)


def make_budget(facts: Evidence, plan: Plan) -> tuple[BudgetLine, ...]:
    """Lines in the order of the accounts; a price is an offer's price or nobody's."""
    funder = cut(plain(facts.project.funder), 60)
    return tuple(
        BudgetLine(account, cut(item, 80), price, unit, Decimal(count), cut(basis, 160), funder)
        for account, item, price, unit, count, basis in sorted(
            _lines(facts, plan), key=lambda line: line[0]
        )
    )


_Line = tuple[str, str, int, str, int, str]


def _lines(facts: Evidence, plan: Plan) -> Iterator[_Line]:
    staff = effort(facts, plan).workers * plan.months
    by_hours = "按表8-1工作量；标准依机构薪酬制度"
    yield "1", "一线社工工资", 0, "人月", staff, by_hours
    yield "1", "社会保险与住房公积金单位部分", 0, "人月", staff, "按当地缴费比例"
    yield "2", "志愿者人身意外伤害保险与补贴", 0, "人次", 0, "按实际招募人数"
    for number, activity in enumerate(plan.activities, 1):
        offer = facts.offers.get(activity.offer)
        yield from _of_activity(number, activity, offer)
    yield "4", "专业督导", 0, "次", plan.months, "每月不少于1次"
    yield "5", "宣传资料与成果展示", 0, "项", 1, "见表14-1"
    yield "6", "办公耗材与必要设备", 0, "项", 1, "按实际需要"
    yield "7", "期末评估或审计", 0, "项", 1, "按资助方要求"
    yield "8", "管理费", 0, "项", 1, "依资助方规定；不得列支的删去"
    yield "9", "税费", 0, "项", 1, "按适用税率"


def _of_activity(number: int, activity: Activity, offer: DraftOffer | None) -> Iterator[_Line]:
    unit = PRICE_UNITS[activity.kind]
    if offer:
        count = activity.attendances if activity.kind == "visit" else activity.sessions
        price = offer.unit_cost_fen or 0
        said = "按报价" if price else "未报价"
        yield "3", activity.title, price, unit, count, f"表8-1第{number}项，{said}"
    elif activity.kind in _MATERIAL:
        item = f"{activity.title}物料与场地"
        yield "3", item, 0, unit, activity.sessions, f"表8-1第{number}项"
    elif activity.kind == "visit":
        item = f"{activity.title}交通"
        yield "3", item, 0, unit, activity.attendances, f"表8-1第{number}项"


#: kind of activity → what may go wrong with it, and what is done about it.
_KIND_RISKS = {
    "casework": (
        "个案服务对象中途退出或出现危机情形",
        "接案时约定目标和边界并签署知情同意书；每次记录重评风险，达到高风险即报督导并启动转介或报告",
    ),
    "group": (
        "小组招募不足或组员流失",
        "由熟悉的骨干和网格员一对一邀请，提前安排候补；每节结束收集反馈，下一节作出调整",
    ),
    "activity": (
        "参加者总是熟面孔，真正有需求的居民没有到场",
        "名额优先留给需求调研中提出诉求的群体，按月查看重复参与情况，必要时把服务送到楼栋",
    ),
    "course": (
        "课程内容与居民水平、时间不符，出勤下降",
        "开课前做一次学习需求小调查，课次安排在居民方便的时段，第三次课后根据反馈调整内容",
    ),
    "visit": (
        "入户探访中发生人身安全或隐私风险",
        "探访前由督导研判风险，有风险标记的两人同行；佩戴工作证，约定返回时间，超时即联络",
    ),
    "training": (
        "培训后学用脱节",
        "培训内容对应具体岗位和任务，结束后安排跟岗实践，由社工跟进一次",
    ),
    "publicity": (
        "现场人员聚集带来秩序与安全问题",
        "事先核定场地容量并安排引导员，准备天气和应急预案；预计千人以上的须依法提前申请许可",
    ),
    "referral": (
        "链接的资源不能按时到位",
        "与提供方签订服务约定并确定联络人，提前一个月确认；保留次选资源，到期未到位即更换",
    ),
}


def make_risks(facts: Evidence, plan: Plan) -> tuple[Risk, ...]:
    """Risks of the kinds of activity planned, of the people served, and of what is still open."""
    kinds = {activity.kind for activity in plan.activities}
    rows = [Risk(*words) for kind, words in _KIND_RISKS.items() if kind in kinds]
    fields = {need.leaf[:3] for need in facts.planned}
    if "CHD" in fields:
        rows.append(Risk(
            "未成年人参与服务中的安全与权益风险",
            "工作人员上岗前和每年完成违法犯罪记录查询；监护人书面同意并指定接送人；"
            "发现侵害或疑似侵害立即依法报告",
        ))  # fmt: skip
    if fields & {"ELD", "HLT", "DIS"}:
        rows.append(Risk(
            "年老体弱或残障参加者在活动中身体不适、跌倒",
            "场地做防滑与无障碍检查，配备急救包和懂急救的人员，登记紧急联络人，控制单次时长",
        ))  # fmt: skip
    rows += _open_risks(facts, plan)
    rows.append(Risk(
        "居民个人信息和谈话内容外泄",
        "资料分级保管、按需查看，对外材料隐去身份；照片须经本人或监护人同意；退出人员即时收回权限",
    ))  # fmt: skip
    return tuple(rows)


def _open_risks(facts: Evidence, plan: Plan) -> Iterator[Risk]:
    unanswered = [need for need in facts.planned if need.id in facts.gaps]
    if unanswered:
        yield Risk(
            f"有{len(unanswered)}项拟回应的需求尚未匹配到外部资源（表4-5）",
            "先由项目社工以协商、个案和转介方式回应，同时在启动后第一季度完成资源链接；"
            "仍无资源的如实向居民说明",
        )
    late = _outside(facts, [facts.offers[a.offer] for a in plan.activities if a.offer])
    if late:
        names = "、".join(f"“{cut(plain(offer.title), 20)}”" for offer in late[:3])
        yield Risk(
            f"{names}等资源的有效期与项目周期不重合" if len(late) > 3
            else f"{names}的有效期与项目周期不重合",
            "签约前与提供方确认延期或改期，不能延期的改用次选资源",
        )  # fmt: skip
    yield Risk(
        "资金到位晚于计划或部分预算未获支持",
        "按月排出资金需求，先开展不依赖外部采购的服务；预算调整按合同约定报批后执行",
    )


def _outside(facts: Evidence, offers: Sequence[DraftOffer]) -> list[DraftOffer]:
    """Offers whose time does not meet the period at all."""
    start, end = facts.project.starts_on, facts.project.ends_on
    return [
        offer
        for offer in dict.fromkeys(offers)
        if (start and offer.valid_to and offer.valid_to < start)
        or (end and offer.valid_from and offer.valid_from > end)
    ]
