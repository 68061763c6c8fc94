"""Section 4: how residents were heard, what they need, and what is missing."""

from collections import Counter

from sanshe.engine.draft.document import Block, Bullets, Draft, Heading, Paragraph, Table
from sanshe.engine.draft.evidence import Evidence, grouped
from sanshe.engine.draft.facts import DraftNeed
from sanshe.engine.draft.plan import Plan
from sanshe.engine.draft.sections.sample import heard, methods
from sanshe.engine.draft.text import plain
from sanshe.engine.draft.words import (
    BAND_WORDS,
    cut,
    listed,
    marks,
    share,
)

Written = tuple[tuple[Block, ...], tuple[str, ...]]
_BANDS = ("A", "B", "C", "D")
#: Fewer methods or informant categories than these weaken a study (a warning of the product).
_FEW_METHODS, _FEW_CATEGORIES = 2, 5
_COMPONENTS = {
    "severity": "严重程度",
    "urgency": "紧迫程度",
    "reach": "影响范围",
    "evidence": "证据强度",
    "feasibility": "可行性",
}


def needs_analysis(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    blocks: list[Block] = [
        Heading("调研方法与受访对象"),
        *methods(facts),
        *heard(facts),
        Heading("需求总体情况"),
        *_overview(facts),
    ]
    blocks += [Heading("本期回应的需求"), *_list(facts)]
    if facts.others:
        blocks += _others(facts)
    blocks += [Heading("资源缺口与分析的局限"), *_gaps(facts), Bullets(tuple(_limits(facts)))]
    return tuple(blocks), tuple(need.id for need in facts.planned)


def _overview(facts: Evidence) -> list[Block]:
    if not facts.needs:
        return [Paragraph("调研尚未归并出需求。")]
    rows: list[tuple[str, ...]] = []
    for code, needs in facts.fields.items():
        bands = Counter(need.band for need in needs)
        voices = sum(facts.count(need) for need in needs)
        taken = sum(need.id in facts.chosen for need in needs)
        rows.append((facts.field_name(code), *(str(bands[b]) if bands[b] else "—" for b in _BANDS),
                     str(len(needs)), str(taken) if taken else "—", str(voices)))  # fmt: skip
    bands = Counter(need.band for need in facts.needs)
    voices = sum(facts.count(need) for need in facts.needs)
    rows.append(("合计", *(str(bands[b]) for b in _BANDS), str(len(facts.needs)),
                 str(len(facts.planned)), str(voices)))  # fmt: skip
    code, own = max(
        facts.fields.items(), key=lambda item: sum(facts.count(need) for need in item[1])
    )
    most = sum(facts.count(need) for need in own)
    words = "、".join(f"“{BAND_WORDS[b]}”{bands[b]}项" for b in _BANDS if bands[b])
    return [
        Paragraph(
            f"{len(facts.needs)}项需求按{'、'.join(_COMPONENTS.values())}加权评分，"
            f"分为{words}（表4-3）。诉求最集中的是{facts.field_name(code)}，"
            f"{most}条，占已归并诉求的{share(most, voices)}（表4-3）。{_unjoined(facts)}"
        ),
        Table(
            "表4-3 各服务领域的需求分级（单位：项）",
            ("服务领域", "A", "B", "C", "D", "合计", "本期列入", "诉求条数"),
            tuple(rows),
        ),
    ]


def _unjoined(facts: Evidence) -> str:
    """What was said and belongs to no need, in a sentence."""
    joined = {s.id for need in facts.needs for s in facts.voices(need)}
    rest = len(facts.statements) - len(joined)
    return f"另有{rest}条（表4-2合计之内）未归入具体需求，多为问候或有待分类。" if rest else ""


def _others(facts: Evidence) -> list[Block]:
    """How many needs are left, by reason; each of them stands in 表16-2."""
    reasons = Counter(facts.left(need) for need in facts.others)
    ranked = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    said = "、".join(f"“{plain(words)}”{count}项" for words, count in ranked)
    return [
        Paragraph(
            f"其余{len(facts.others)}项同样已经登记，其中{said}，各领域的项数见表4-3，逐项的去向见"
            "第16章表16-2。没有列入不等于不重要，中期评估时一并复核。"
        )
    ]


def _list(facts: Evidence) -> list[Block]:
    """The answered needs with what stands behind them: who said it, and some of the words."""
    shown = facts.planned[: facts.rules.rows_in_need_table]
    if not shown:
        return [Paragraph("暂无需求可列。")]
    fields = [facts.field_name(code) for code in grouped(facts.planned)]
    words = (
        f"本期重点是{listed(fields, len(fields))}（表4-3）。需求按级别和得分排列如表4-4，"
        "后文以其中的序号注明所回应的需求；原话的出处见脚注。"
    )
    if len(facts.planned) > len(shown):
        rest = len(facts.planned) - len(shown)
        words += f"表中列出前{len(shown)}项，其余{rest}项见随附的电子表格。"
    return [
        Paragraph(words),
        Table(
            "表4-4 本期回应的需求",
            ("序号", "需求（类型）", "级别与得分", "诉求与来源", "受访者原话"),
            tuple(_row(facts, need) for need in shown),
        ),
    ]


def _row(facts: Evidence, need: DraftNeed) -> tuple[str, ...]:
    name = plain(need.title) + f"（{facts.leaf_name(need.leaf)}）"
    if need.people is not None:
        name += f"，估计涉及{need.people}人"
    quotes = facts.quotes(need, facts.rules.quotes_a_need)
    said = "—"
    if quotes:
        words = cut(plain(facts.statements[quotes[0]].text), facts.rules.quote_in_table)
        said = f"“{words}”{marks(quotes[:1])}"
        said += f"；另见{marks(quotes[1:])}" if quotes[1:] else ""
    speakers = listed(facts.speakers(need), 3)
    return (
        str(facts.rank[need.id]),
        name,
        f"{need.band} {need.priority:.1f}",
        f"{facts.count(need)}条" + (f"，来自{speakers}" if speakers else ""),
        said,
    )


def _gaps(facts: Evidence) -> list[Block]:
    matched = [need for need in facts.planned if need.id in facts.matches]
    missing = [need for need in facts.planned if need.id in facts.gaps]
    open_needs = len(facts.planned) - len(matched) - len(missing)
    said = [
        f"{len(matched)}项已匹配到服务资源（表15-1）" if matched else "",
        f"{len(missing)}项暂时没有可用资源（表4-5）" if missing else "",
        f"{open_needs}项尚未参加匹配" if open_needs else "",
    ]
    words = f"本期回应的{len(facts.planned)}项需求（表4-4）中，{'，'.join(filter(None, said))}。"
    if not facts.planned:
        return [Paragraph("还没有选定本期回应的需求。")]
    if not missing:
        return [Paragraph(words)]
    shown = missing[: facts.rules.rows_in_need_table]
    rows = tuple(
        (str(facts.rank[need.id]), plain(need.title), need.band,
         plain(facts.gaps[need.id].reason) or "没有可用资源",
         plain(facts.gaps[need.id].nearest) or "—")
        for need in shown
    )  # fmt: skip
    if len(missing) > len(shown):
        words += f"表4-5列出前{len(shown)}项。"
    words += (
        "这些缺口是资源链接的重点，拟回应的部分先由项目社工以专业服务承接，其余如实向居民说明。"
    )
    return [
        Paragraph(words),
        Table(
            "表4-5 未匹配的需求",
            ("序号", "需求", "级别", "缺什么", "最接近的资源"),
            rows,
        ),
    ]


def _limits(facts: Evidence) -> list[str]:
    said: list[str] = []
    kinds = {s.informant for s in facts.statements.values() if s.informant}
    ways = {s.method for s in facts.statements.values() if s.method}
    if 0 < len(kinds) < _FEW_CATEGORIES:
        said.append(f"受访对象只有{len(kinds)}类（表4-2），代表性有限，不能直接推及全体居民。")
    if 0 < len(ways) < _FEW_METHODS:
        said.append("只用了一种调研方式（表4-1），缺少其他方式的印证。")
    weak = Counter(name for need in facts.needs for name in need.defaults)
    if weak:
        by_count: dict[int, list[str]] = {}
        for name, word in _COMPONENTS.items():
            by_count.setdefault(weak[name], []).append(word)
        words = "；".join(f"{'、'.join(names)}{n}项" for n, names in by_count.items() if n)
        said.append(f"尚无人工评定、按默认值或诉求占比计算的有：{words}。补齐后级别可能变化。")
    people = [need for need in facts.planned if need.people is None]
    if people:
        said.append(f"有{len(people)}项需求未核实涉及人数，服务规模暂以诉求条数为下限估算。")
    said.append("诉求反映受访者当时的看法，中期评估时复核并调整服务。")
    return [cut(words, 400) for words in said]
