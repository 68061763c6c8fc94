"""Sections 1 to 3: the basic data, the agency, the background."""

from sanshe.engine.draft.document import Block, Draft, Paragraph, Table
from sanshe.engine.draft.evidence import Evidence
from sanshe.engine.draft.facts import DraftNeed
from sanshe.engine.draft.live import basic_rows
from sanshe.engine.draft.plan import Plan
from sanshe.engine.draft.text import blank, plain
from sanshe.engine.draft.words import (
    BAND_WORDS,
    cut,
    listed,
    marks,
    or_blank,
    period,
    share,
    titles,
)

Written = tuple[tuple[Block, ...], tuple[str, ...]]


def basics(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    """Section 1; `live.shown_blocks` renews its facts whenever it is shown."""
    return (Table("表1-1 项目基本信息", ("项目", "内容"), basic_rows(bare)),), ()


def agency(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    project = facts.project
    name = or_blank(project.organization, "承担机构名称")
    certified = (
        f"{project.certified_workers}人" if project.certified_workers is not None
        else blank("持证社工人数")
    )  # fmt: skip
    return (
        Paragraph(f"本项目由{name}承担，资质见表2-1，证明材料列入第16章附件。"),
        Table(
            "表2-1 机构资质",
            ("项目", "内容"),
            (
                ("机构简介", blank("成立时间、宗旨、主要服务领域与经验")),
                ("统一社会信用代码", or_blank(project.credit_code, "统一社会信用代码")),
                ("登记机关与有效期", blank("登记机关、登记证书有效期")),
                ("社会组织评估等级", or_blank(project.grade, "评估等级，未参评写“未参评”")),
                ("最近年度报告（年检）", or_blank(project.annual_report, "年报或年检情况")),
                ("持证社工人数", certified),
                ("专职人员总数", blank("专职人员总数")),
                ("同类项目经验", blank("近三年同类项目名称、委托方、金额与评估结果")),
            ),
        ),
    ), ()


def background(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    purpose = plain(facts.study.purpose).rstrip("。")
    needs = facts.planned
    blocks: list[Block] = [
        Paragraph(
            _community(facts)
            + "《中共中央　国务院关于加强基层治理体系和治理能力现代化建设的意见》（2021年）提出，"
            "创新社区与社会组织、社会工作者、社区志愿者、社会慈善资源的联动机制。本项目据此围绕"
            "居民说出的需求设计服务。"
        ),
        Paragraph(_origin(facts) + (f"目的是{purpose}。" if purpose else "")),
    ]
    if needs:
        blocks.append(Paragraph(_most_pressing(facts) + _voice(facts, needs[0])))
    blocks.append(Paragraph(_why_now(facts)))
    return tuple(blocks), tuple(need.id for need in needs)


def _community(facts: Evidence) -> str:
    study = facts.study
    name = plain(study.community) or blank("社区（村）名称")
    place = f"{name}隶属{plain(study.town)}" if study.town else name
    if study.residents is None:
        people = f"常住人口{blank('常住人口及数据来源')}"
    else:
        source = or_blank(study.residents_source, "人口数据来源")
        people = f"常住人口{study.residents:,}人（数据来源：{source}）"
    return f"{place}，{people}。社区概况：{blank('人口结构、小区类型、主要产业与公共设施')}。"


def _origin(facts: Evidence) -> str:
    study = facts.study
    when = period(study.starts_on, study.ends_on, "调研起止日期")
    people = sum(entry.people for entry in study.informants)
    kinds = sum(1 for entry in study.informants if entry.people)
    methods = listed([entry.label for entry in study.methods if entry.gatherings or entry.people])
    if not methods:
        methods = listed(dict.fromkeys(s.method for s in facts.statements.values()))
    voices = len(facts.statements)
    heard = f"听取{kinds}类、{people}人次的意见（表4-2），" if people else ""
    ways = f"采用{methods}，" if methods else ""
    title = plain(study.title) or "社区需求调研"
    return (
        f"{when}，项目组开展“{title}”，{ways}{heard}记录诉求{voices}条，"
        f"归并为需求{len(facts.needs)}项，涉及{len(facts.fields)}个服务领域（表4-3）。"
    )


def _most_pressing(facts: Evidence) -> str:
    best = facts.planned[0]
    lead = [need for need in facts.planned if need.band == best.band]
    word = BAND_WORDS.get(best.band, best.band)
    return (
        f"按优先级评分，最高一级为“{word}”，共{len(lead)}项，"
        f"包括{titles(need.title for need in lead)}（表4-4）。"
    )


def _voice(facts: Evidence, need: DraftNeed) -> str:
    """One thing that was said of the first need, word for word."""
    quotes = facts.quotes(need, 1)
    if not quotes:
        return ""
    said = facts.statements[quotes[0]]
    who = plain(said.informant) or "受访者"
    words = cut(plain(said.text), facts.rules.quote_length)
    count = facts.count(need)
    return f"排在首位的有{count}条诉求（表4-4），{who}这样说：“{words}”{marks(quotes)}。"


def _why_now(facts: Evidence) -> str:
    planned = facts.planned
    if not planned:
        return f"调研尚未形成可立项的需求，立项必要性{blank('立项必要性')}。"
    matched = sum(need.id in facts.matches for need in planned)
    missing = len(planned) - matched
    listed_at = "（表4-5）" if any(need.id in facts.gaps for need in planned) else "（表4-4）"
    codes = list(dict.fromkeys(need.leaf[:3] for need in planned))
    names = listed([facts.field_name(code) for code in codes])
    parts = [f"本项目选取其中{len(planned)}项需求（表4-4）予以回应，集中在{names}领域。"]
    if matched:
        parts.append(
            f"有{matched}项已匹配到可用的服务资源，占{share(matched, len(planned))}（表15-1），"
            "及时立项可以把资源用到最需要的地方。"
        )
    if missing:
        parts.append(
            f"尚有{missing}项缺少现成资源{listed_at}，需要由专业社工组织协商、链接和直接服务，"
            "单靠各方自发行动难以解决。"
        )
    return "".join(parts)
