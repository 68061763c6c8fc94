"""What must be mended before a proposal is handed in, and what should be looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sanshe.engine.draft.codes import ACTIVITY_KINDS, BUDGET_ACCOUNTS, SECTION_TITLES
from sanshe.engine.draft.document import Draft
from sanshe.engine.draft.live import basics_renewed, live_tables
from sanshe.engine.draft.text import blanks_in, notes_in, text_of
from sanshe.engine.draft.withheld import WITHDRAWN

#: code → (hard, Chinese, English). Hard ones keep a proposal from being handed in.
PROBLEMS: dict[str, tuple[bool, str, str]] = {
    "no_title": (True, "项目名称还没有填写。", "The project has no title."),
    "section_missing": (True, "缺少第{number}章“{title}”。", "Section {number} is missing."),
    "section_empty": (True, "第{number}章“{title}”没有内容。", "Section {number} is empty."),
    "blanks": (False, "第{number}章还有{count}处待填。", "Section {number} has {count} blanks."),
    "withdrawn": (
        False,
        "第{number}章有{count}处文字因涉及人身安全已撤下，请改写这一段，或调整纳入的需求。",
        "Section {number}: {count} passages were taken out because they concern somebody's safety; "
        "rewrite them or choose other needs.",
    ),
    "note_unknown": (
        True,
        "第{number}章的脚注引用了不存在的诉求（{note}），请删去或改正。",
        "Section {number} refers to an unknown statement ({note}).",
    ),
    "no_objectives": (True, "还没有具体目标，请至少写一条。", "There are no objectives."),
    "objective_indicator": (
        True,
        "目标{row}没有指标，请写明用什么衡量。",
        "Objective {row} has no indicator.",
    ),
    "objective_target": (True, "目标{row}的目标值须大于 0。", "Objective {row} has no target."),
    "objective_need": (
        True,
        "目标{row}没有对应的需求，请勾选需求，或写明没有需求的理由。",
        "Objective {row} answers no need and gives no reason.",
    ),
    "objective_unserved": (
        False,
        "目标{row}没有安排任何服务。",
        "No activity serves objective {row}.",
    ),
    "objective_due": (
        True,
        "目标{row}的完成时限不在项目周期内。",
        "Objective {row} is due outside the period.",
    ),
    "objective_sum": (
        False,
        "目标{row}的目标值是{target}，表8-1中对应活动合计{planned}人次，请核对。",
        "Objective {row} aims at {target}, its activities add up to {planned}.",
    ),
    "no_period": (True, "项目周期还没有填写。", "The period is not filled in."),
    "period_order": (True, "结束日期早于开始日期。", "The period ends before it starts."),
    "no_activities": (True, "还没有安排服务内容。", "There are no activities."),
    "activity_kind": (True, "活动{row}的形式不在清单内。", "Activity {row} has no known kind."),
    "activity_month": (
        True,
        "活动{row}安排在第{month}月，不在项目周期（共{months}个月）内。",
        "Activity {row} is in month {month} of {months}.",
    ),
    "activity_size": (
        True,
        "活动{row}的节（场）次和人数须大于 0。",
        "Activity {row} has no sessions or no people.",
    ),
    "activity_objective": (
        True,
        "活动{row}对应的目标不存在。",
        "Activity {row} points to no objective.",
    ),
    "no_team": (True, "项目团队还没有成员。", "The team is empty."),
    "no_certified": (
        True,
        "团队中没有持证社工，至少需要一名。",
        "Nobody in the team holds a certificate.",
    ),
    "no_budget": (True, "预算还没有明细。", "The budget has no lines."),
    "budget_account": (True, "预算第{row}行的科目不在清单内。", "Line {row}: unknown account."),
    "budget_unpriced": (
        False,
        "预算有{count}行没有单价，未计入合计。",
        "{count} budget lines have no price and are not in the sum.",
    ),
    "budget_zero": (False, "预算合计为 0 元。", "The budget adds up to nothing."),
    "no_risks": (False, "还没有写风险与应对。", "There are no risks."),
    "output_far": (
        False,
        "“{name}”为{target}，与长乐区社工站年均{figure}相比{side}，请核对。",
        "“{name}” is {target}; a station in 长乐 had {figure} a year.",
    ),
}
#: Sections whose rows may stand without words of their own.
_ROWS = {7: "objectives", 8: "activities", 9: "activities", 10: "team", 11: "budget", 12: "risks"}
#: Yearly figures of one social-work station (长乐区, 18 stations, 3 years): cases, home visits
#: and activities.
STATION_YEAR = (("casework", "个案数", 10), ("visit", "入户探访人次", 400),
                ("activity", "社区活动场次", 12))  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """What is wrong, in which section, in which row (counted from 1) of its table."""

    code: str
    section: int
    row: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def hard(self) -> bool:
        """It keeps the proposal from being handed in."""
        return PROBLEMS[self.code][0]

    @property
    def message(self) -> str:
        return PROBLEMS[self.code][1].format(**self.details)

    @property
    def message_en(self) -> str:
        return PROBLEMS[self.code][2].format(**self.details)


def check(draft: Draft) -> list[Problem]:
    """Everything that stands against the proposal, section by section. Cost: O(size)."""
    found = [
        *_cover(draft),
        *_sections(draft),
        *_objectives(draft),
        *_activities(draft),
        *_outputs(draft),
        *_team(draft),
        *_budget(draft),
    ]
    if not draft.risks:
        found.append(Problem("no_risks", 12))
    return sorted(found, key=lambda problem: (problem.section, problem.row or 0))


def _problem(code: str, section: int, row: int | None = None, **details: object) -> Problem:
    words = {name: str(value) for name, value in details.items()}
    if row is not None:
        words["row"] = str(row)
    return Problem(code, section, row, words)


def _cover(draft: Draft) -> Iterator[Problem]:
    cover = draft.cover
    if not cover.title.strip():
        yield _problem("no_title", 1)
    if cover.starts_on is None or cover.ends_on is None:
        yield _problem("no_period", 1)
    elif cover.ends_on <= cover.starts_on:
        yield _problem("period_order", 1)


def _sections(draft: Draft) -> Iterator[Problem]:
    there = {section.number: section for section in draft.sections}
    for number, title in SECTION_TITLES.items():
        if number not in there:
            yield _problem("section_missing", number, number=number, title=title)
            continue
        text = text_of(basics_renewed(draft, there[number].blocks))
        if not text.strip() and not getattr(draft, _ROWS.get(number, ""), ()):
            yield _problem("section_empty", number, number=number, title=title)
        if count := (text + text_of(live_tables(draft, number))).count(WITHDRAWN):
            yield _problem("withdrawn", number, number=number, count=count)
        if count := len(blanks_in(text)):
            yield _problem("blanks", number, number=number, count=count)
        for statement in notes_in(text):
            if statement not in draft.notes:
                yield _problem("note_unknown", number, number=number, note=statement)


def _objectives(draft: Draft) -> Iterator[Problem]:
    if not draft.objectives:
        yield _problem("no_objectives", 7)
    cover = draft.cover
    for row, objective in enumerate(draft.objectives, 1):
        own = [a for a in draft.activities if a.objective == row - 1]
        planned = sum(activity.attendances for activity in own)
        if not objective.indicator.strip():
            yield _problem("objective_indicator", 7, row)
        if objective.target <= 0:
            yield _problem("objective_target", 7, row)
        if not objective.needs and not objective.override.strip():
            yield _problem("objective_need", 7, row)
        if not own:
            yield _problem("objective_unserved", 7, row)
        elif objective.unit == "人次" and planned != objective.target:
            yield _problem("objective_sum", 7, row, target=objective.target, planned=planned)
        due, start, end = objective.due_on, cover.starts_on, cover.ends_on
        if due and ((start and due < start) or (end and due > end)):
            yield _problem("objective_due", 7, row)


def _activities(draft: Draft) -> Iterator[Problem]:
    if not draft.activities:
        yield _problem("no_activities", 8)
    months = draft.cover.months
    for row, activity in enumerate(draft.activities, 1):
        if activity.kind not in ACTIVITY_KINDS:
            yield _problem("activity_kind", 8, row)
        if activity.sessions <= 0 or activity.people <= 0:
            yield _problem("activity_size", 8, row)
        if activity.month < 1 or (months is not None and activity.month > months):
            yield _problem("activity_month", 8, row, month=activity.month, months=months or "—")
        if activity.objective is not None and not (0 <= activity.objective < len(draft.objectives)):
            yield _problem("activity_objective", 8, row)


def _outputs(draft: Draft) -> Iterator[Problem]:
    """Targets more than twice or less than half of what a station does in the same time."""
    months = draft.cover.months
    if not months or months < 1:
        return
    totals = {output.name: output.target for output in draft.outputs}
    for _, name, a_year in STATION_YEAR:
        if name not in totals:
            continue
        figure = a_year * months / 12
        if not figure / 2 <= totals[name] <= figure * 2:
            side = "偏高" if totals[name] > figure else "偏低"
            yield _problem("output_far", 9, name=name, target=totals[name], figure=a_year,
                           side=side)  # fmt: skip


def _team(draft: Draft) -> Iterator[Problem]:
    if not draft.team:
        yield _problem("no_team", 10)
    elif not any(row.name.strip() and row.certificate.strip() for row in draft.team):
        yield _problem("no_certified", 10)


def _budget(draft: Draft) -> Iterator[Problem]:
    if not draft.budget:
        yield _problem("no_budget", 11)
        return
    for row, line in enumerate(draft.budget, 1):
        if line.account not in BUDGET_ACCOUNTS:
            yield _problem("budget_account", 11, row)
    if count := sum(not line.priced for line in draft.budget):
        yield _problem("budget_unpriced", 11, count=count)
    if draft.total_fen == 0:
        yield _problem("budget_zero", 11)
