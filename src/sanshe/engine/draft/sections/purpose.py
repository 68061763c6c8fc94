"""Sections 5 to 7: who is served, why it should work, what is to be reached."""

from sanshe.engine.draft.codes import ACTIVITY_KINDS
from sanshe.engine.draft.document import Block, Draft, Paragraph, Table
from sanshe.engine.draft.evidence import Evidence
from sanshe.engine.draft.fields import field_words
from sanshe.engine.draft.plan import Plan, Theme, theme_name
from sanshe.engine.draft.text import blank, plain
from sanshe.engine.draft.words import listed

Written = tuple[tuple[Block, ...], tuple[str, ...]]

#: What each approach says, and how this project uses it.
_THEORIES = {
    "生态系统": (
        "把人放在家庭、邻里、机构与制度的环境中理解",
        "同时在个人、家庭和社区三个层面安排服务，避免只就个人谈问题",
    ),
    "优势视角": (
        "相信居民和社区本身就有能力与资源",
        "从居民骨干、地方文化和邻里互助入手，让服务对象成为参与者",
    ),
    "增权": (
        "关注居民对自身事务的掌握",
        "通过信息公开、议事协商和能力培训，使居民能够表达、决定并监督与己有关的事",
    ),
    "社会支持": (
        "稳定的情感、信息和实物支持能缓解压力",
        "把专业服务、邻里同伴与社会资源连成支持网络，服务结束后仍可运行",
    ),
}
_CONDITIONS = (
    (
        "参加",
        "居住、工作或就学在本社区，自愿参加，不因户籍、性别、民族、信仰或身体状况受到区别对待",
    ),
    (
        "优先",
        "名额不足时，需求级别高者、从未参加过同类服务者和行动不便者优先，名单由社工与社区共同核定",
    ),
    ("同意", "未成年人参加须由监护人书面同意；个案服务须签署知情同意书，可随时退出"),
    ("转介", "超出本项目能力或涉及其他部门法定职责的，由社工转介并跟进"),
)


def people_served(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    rows = tuple(_served(facts, plan, index, theme) for index, theme in enumerate(plan.themes))
    blocks: tuple[Block, ...] = (
        Paragraph(
            "直接服务对象按目标分列如表5-1。“涉及人数”取自各项需求的核实数，一人可有多项需求，不可相加；"
            "“计划人次”由表8-1相加。间接服务对象为其家庭成员、邻里和参与联动的各方，"
            f"人数{blank('间接受益人数及估算依据')}。参加条件见表5-2。"
        ),
        Table(
            "表5-1 直接服务对象",
            ("目标", "服务对象", "涉及人数", "计划人次", "招募途径"),
            rows,
        ),
        Table("表5-2 参加与优先条件", ("事项", "条件"), _CONDITIONS),
    )
    return blocks, tuple(need.id for theme in plan.themes for need in theme.needs)


def _served(facts: Evidence, plan: Plan, index: int, theme: Theme) -> tuple[str, ...]:
    known = [need.people for need in theme.needs if need.people is not None]
    people = str(sum(known)) if known else blank("涉及人数")
    if known and len(known) < len(theme.needs):
        people += f"（{len(theme.needs) - len(known)}项未核实）"
    said = [need.target_group for need in theme.needs if need.target_group]
    words = field_words(theme.fields[0])
    who = words.people if len(theme.fields) == 1 else "；".join(
        field_words(code).people.split("，")[0] for code in theme.fields[:3]
    )  # fmt: skip
    if said:
        who += f"（需求指明：{listed([plain(word) for word in said])}）"
    planned = sum(a.attendances for a in plan.activities if a.objective == index)
    return (str(index + 1), who, people, str(planned), words.reach)


def logic(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    codes = [code for theme in plan.themes for code in theme.fields]
    names = list(dict.fromkeys(field_words(code).theory for code in codes)) or ["社会支持"]
    rows = tuple(_logic_row(facts, plan, i, theme) for i, theme in enumerate(plan.themes))
    blocks: list[Block] = [
        Paragraph(
            "项目依据的理论及其用法见表6-1。由投入到影响的关系见表6-2：前三列由需求、匹配结果和"
            "服务安排得出，成效与影响在第13章规定的时点检验。"
        ),
        Table(
            "表6-1 理论依据",
            ("理论", "要点", "在本项目中的用法"),
            tuple((name, *_THEORIES[name]) for name in names),
        ),
    ]
    if rows:
        blocks.append(Table(
            "表6-2 逻辑模型",
            ("领域", "投入", "活动", "产出", "成效", "影响"),
            rows,
        ))  # fmt: skip
    return tuple(blocks), tuple(need.id for theme in plan.themes for need in theme.needs)


def _logic_row(facts: Evidence, plan: Plan, index: int, theme: Theme) -> tuple[str, ...]:
    own = [a for a in plan.activities if a.objective == index]
    providers = listed([a.owner for a in own if a.offer], 2)
    given = f"项目社工，{providers}" if providers else "项目社工、社区场地与志愿者"
    kinds = listed([ACTIVITY_KINDS[a.kind] for a in own], len(ACTIVITY_KINDS))
    words = field_words(theme.fields[0])
    return (
        theme_name(facts, theme),
        given,
        f"{kinds}，共{len(own)}项",
        f"{sum(a.attendances for a in own)}人次",
        words.outcome,
        words.impact,
    )


def objectives(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    names = listed([theme_name(facts, theme) for theme in plan.themes], 6)
    place = plain(facts.study.community) or "社区"
    if not plan.themes:
        return (Paragraph(f"总目标：{blank('总目标')}。"),), ()
    blocks: tuple[Block, ...] = (
        Paragraph(
            f"总目标：在项目周期内，联动社区、社会组织、社会工作者、志愿者与社会慈善资源，"
            f"回应{place}居民在{names}方面的{len(facts.planned)}项需求（表4-4），"
            "使居民说出的每一项需求都有人跟进、有结果、有反馈。具体目标见表7-1，服务安排见表8-1。"
        ),
    )
    return blocks, tuple(need.id for theme in plan.themes for need in theme.needs)
