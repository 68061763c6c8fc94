"""Section 4: how residents were heard, what they need, and what is missing."""

from collections import Counter

from sanshe.engine.draft.document import Block, Bullets, Draft, Heading, Paragraph, Table
from sanshe.engine.draft.evidence import Evidence
from sanshe.engine.draft.facts import DraftNeed
from sanshe.engine.draft.plan import Plan
from sanshe.engine.draft.sections.sample import heard, methods
from sanshe.engine.draft.text import plain
from sanshe.engine.draft.words import (
    BAND_WORDS,
    EVIDENCE,
    cn_number,
    cut,
    listed,
    marks,
    share,
    titles,
)

Written = tuple[tuple[Block, ...], tuple[str, ...]]
_BANDS = ("A", "B", "C", "D")
#: Fewer methods or informant categories than these weaken a study (a warning of the product).
_FEW_METHODS, _FEW_CATEGORIES = 2, 5
#: Kinds of evidence (Bradshaw) from which a need counts as well supported.
_STRONG = 3
_COMPONENTS = {
    "severity": "严重程度",
    "urgency": "紧迫程度",
    "reach": "影响范围",
    "evidence": "证据强度",
    "feasibility": "可行性",
}


def needs_analysis(facts: Evidence, plan: Plan, bare: Draft) -> Written:
    blocks: list[Block] = [
        Heading("调研方法与样本"),
        *methods(facts),
        Heading("听到了谁，还没有听到谁"),
        *heard(facts),
        Heading("需求总体情况"),
        *_overview(facts),
        Heading("分领域分析"),
    ]
    told, watched = _told(facts)
    for index, (code, needs) in enumerate(told.items(), 1):
        blocks += _field(facts, index, code, needs)
    if watched:
        blocks.append(Paragraph(_watched(facts, watched, bool(told))))
    blocks += [Heading("需求清单"), *_list(facts, bare)]
    blocks += [Heading("资源匹配与未匹配的需求"), *_gaps(facts)]
    blocks += [Heading("分析的局限"), Bullets(tuple(_limits(facts)))]
    return tuple(blocks), tuple(need.id for need in facts.needs)


def _overview(facts: Evidence) -> list[Block]:
    if not facts.needs:
        return [Paragraph("调研尚未归并出需求。")]
    rows: list[tuple[str, ...]] = []
    for code, needs in facts.fields.items():
        bands = Counter(need.band for need in needs)
        voices = sum(facts.count(need) for need in needs)
        rows.append((facts.field_name(code), *(str(bands[b]) if bands[b] else "—" for b in _BANDS),
                     str(len(needs)), str(voices)))  # fmt: skip
    bands = Counter(need.band for need in facts.needs)
    voices = sum(facts.count(need) for need in facts.needs)
    rows.append(("合计", *(str(bands[b]) for b in _BANDS), str(len(facts.needs)), str(voices)))
    code, own = max(
        facts.fields.items(), key=lambda item: sum(facts.count(need) for need in item[1])
    )
    most = sum(facts.count(need) for need in own)
    words = "、".join(f"“{BAND_WORDS[b]}”{bands[b]}项" for b in _BANDS if bands[b])
    return [
        Paragraph(
            f"{len(facts.needs)}项需求按严重程度、紧迫程度、影响范围、证据强度和可行性加权评分并分级，"
            f"其中{words}（表4-3）。诉求最集中的是{facts.field_name(code)}，"
            f"{most}条，占已归并诉求的{share(most, voices)}。"
        ),
        Table(
            "表4-3 各服务领域的需求分级（单位：项）",
            ("服务领域", "A", "B", "C", "D", "合计", "诉求条数"),
            tuple(rows),
        ),
    ]


_OPENERS = (
    "“{title}”列{band}级（{score}分）",
    "关于“{title}”（{band}级，{score}分）",
    "“{title}”得{score}分，为{band}级",
    "在“{title}”上（{band}级，{score}分）",
)

_Fields = dict[str, tuple[DraftNeed, ...]]


def _told(facts: Evidence) -> tuple[_Fields, _Fields]:
    """The fields with a need of a planned band, and those that are only watched."""
    told: _Fields = {}
    watched: _Fields = {}
    for code, needs in facts.fields.items():
        planned = any(need.band in facts.rules.planned_bands for need in needs)
        (told if planned else watched)[code] = needs
    return told, watched


def _watched(facts: Evidence, watched: _Fields, others: bool) -> str:
    needs = [need for own in watched.values() for need in own]
    names = "、".join(facts.field_name(code) for code in watched)
    return (
        f"{'此外，' if others else ''}{names}的{len(needs)}项需求目前得分较低，"
        f"有{titles(need.title for need in needs)}（表4-4），先予观察，"
        "不等于不重要；出现新的诉求或证据时重新评分。"
    )


_MIXES = (
    "{kinds}类受访对象谈到这一领域，以{names}为主。",
    "{names}都有提及，说法可以相互印证。",
    "提出者涉及{names}，共{kinds}类。",
)


def _field(facts: Evidence, index: int, code: str, needs: tuple[DraftNeed, ...]) -> list[Block]:
    voices = sum(facts.count(need) for need in needs)
    head = Paragraph(
        f"{cn_number(index)}是{facts.field_name(code)}。共{len(needs)}项需求、{voices}条诉求（表4-3）。"
        + _mix(facts, index, needs)
    )
    told = [n for n in needs if n.band in facts.rules.planned_bands]
    told = told[: facts.rules.needs_told_a_field]
    items = [_need(facts, need, place) for place, need in enumerate(told)]
    rest = [need for need in needs if need not in told]
    if rest:
        items.append(f"此外还有{titles(need.title for need in rest)}（表4-4）。")
    return [head, Bullets(tuple(items))]


def _mix(facts: Evidence, index: int, needs: tuple[DraftNeed, ...]) -> str:
    """Who speaks of a field, in a sentence."""
    said = Counter(word for need in needs for word in facts.speakers(need))
    names = [word for word, _ in sorted(said.items(), key=lambda item: (-item[1], item[0]))]
    if not names:
        return ""
    if len(names) < 3:
        return f"诉求出自{listed(names)}。"
    return _MIXES[index % len(_MIXES)].format(names=listed(names, 4), kinds=len(names))


def _need(facts: Evidence, need: DraftNeed, place: int) -> str:
    score = f"{need.priority:.1f}"
    words = _OPENERS[place % len(_OPENERS)].format(
        title=plain(need.title), band=need.band, score=score
    )
    count, speakers = facts.count(need), facts.speakers(need)
    words += f"，{count}条诉求" if count else "，暂无可引用的诉求"
    if speakers:
        words += f"来自{listed(speakers, 3)}"
    if need.people is not None:
        words += f"，估计涉及{need.people}人"
    words += "（表4-4）。"
    kinds = [EVIDENCE[kind] for kind in EVIDENCE if kind in need.bradshaw]
    if len(kinds) >= _STRONG:
        words += f"兼有{listed(kinds)}需求的证据，依据充分。"
    quotes = facts.quotes(need, facts.rules.quotes_a_need)
    if not quotes:
        return words
    text = cut(plain(facts.statements[quotes[0]].text), facts.rules.quote_length)
    words += f"受访者原话：“{text}”{marks(quotes[:1])}"
    return words + (f"；另见{marks(quotes[1:])}。" if quotes[1:] else "。")


def _list(facts: Evidence, bare: Draft) -> list[Block]:
    shown = bare.needs[: facts.rules.rows_in_need_table]
    rows = tuple(
        (str(index), row.title, row.leaf, row.band, f"{row.priority:.1f}", str(row.voices),
         "、".join(row.evidence) or "—")
        for index, row in enumerate(shown, 1)
    )  # fmt: skip
    words = "全部需求按级别和得分排列如表4-4，后文的目标以其中的序号注明所回应的需求。"
    if len(bare.needs) > len(shown):
        words += f"表中列出前{len(shown)}项，其余{len(bare.needs) - len(shown)}项见随附的电子表格。"
    return (
        [
            Paragraph(words),
            Table(
                "表4-4 需求清单",
                ("序号", "需求", "需求类型", "级别", "得分", "诉求", "证据（Bradshaw）"),
                rows,
            ),
        ]
        if rows
        else [Paragraph("暂无需求可列。")]
    )


def _gaps(facts: Evidence) -> list[Block]:
    matched = [need for need in facts.needs if need.id in facts.matches]
    missing = [need for need in facts.needs if need.id in facts.gaps]
    open_needs = len(facts.needs) - len(matched) - len(missing)
    words = f"{len(facts.needs)}项需求中，{len(matched)}项已匹配到服务资源（表15-1），"
    words += f"{len(missing)}项暂时没有可用资源（表4-5）"
    words += f"，{open_needs}项尚未参加匹配。" if open_needs else "。"
    if not missing:
        return [Paragraph(words.replace("（表4-5）", ""))]
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
        ranked = sorted(weak.items(), key=lambda item: (-item[1], item[0]))
        words = "、".join(f"{_COMPONENTS.get(name, name)}{count}项" for name, count in ranked)
        said.append(
            f"部分评分分项尚无人工评定，按默认值或诉求占比计算：{words}。补齐后级别可能变化。"
        )
    people = [need for need in facts.planned if need.people is None]
    if people:
        said.append(
            f"拟回应的需求中有{len(people)}项未核实涉及人数，服务规模暂以诉求条数为下限估算。"
        )
    said.append("诉求反映受访者当时的看法，中期评估时将复核需求是否变化，并据此调整服务。")
    return [cut(words, 400) for words in said]
