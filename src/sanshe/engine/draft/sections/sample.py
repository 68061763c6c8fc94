"""Section 4, its first part: how residents were heard, who spoke, and who did not."""

from collections import Counter

from sanshe.engine.draft.document import Block, Paragraph, Table, folded
from sanshe.engine.draft.evidence import Evidence
from sanshe.engine.draft.words import listed, share


def methods(facts: Evidence) -> list[Block]:
    """How residents were heard, and how much was heard that way (表4-1)."""
    study = facts.study
    said = Counter(s.method for s in facts.statements.values())
    used = [m for m in study.methods if m.gatherings or m.people or said[m.label]]
    rows: list[tuple[str, ...]]
    if used:
        rows = [(m.label, str(m.gatherings) if m.gatherings else "—",
                 str(m.people) if m.people else "—", str(said[m.label])) for m in used]  # fmt: skip
    else:
        rows = [(method or "未注明", "—", "—", str(n)) for method, n in sorted(said.items())]
    known = {row[0] for row in rows}
    other = sum(n for method, n in said.items() if (method or "未注明") not in known)
    if other:
        rows.append(("其他或未注明", "—", "—", str(other)))
    sums = (sum(m.gatherings for m in used), sum(m.people for m in used))
    rows.append(("合计", *(str(n) if n else "—" for n in sums), str(len(facts.statements))))
    text = (
        "诉求逐条记录原话，注明受访对象类别、方式与日期，不记姓名；同一社区内意思相同的归并为同一需求，"
        "结果由社工核对。样本见表4-1。"
    )
    head = ("方式", "场（户）次", "受访人次", "诉求条数")
    return [Paragraph(text), folded(Table("表4-1 调研方法与样本", head, tuple(rows)))]


def heard(facts: Evidence) -> list[Block]:
    """Who was heard (表4-2), and who was not."""
    said = Counter(s.informant for s in facts.statements.values())
    entries = facts.study.informants
    if entries:
        shown = [e for e in entries if e.people or said[e.label] or e.quota]
        rows = [(e.label, str(e.people) if e.people else "—", _quota(e.people, e.quota),
                 str(said[e.label])) for e in shown]  # fmt: skip
        known = {e.label for e in entries}
    else:
        ranked = sorted(said.items(), key=lambda item: (-item[1], item[0]))
        rows = [(label or "未注明", "—", "—", str(n)) for label, n in ranked]
        known = set(said)
    if other := sum(n for label, n in said.items() if label not in known):
        rows.append(("其他或未注明", "—", "—", str(other)))
    people = sum(e.people for e in entries)
    sums = ("合计", str(people) if people else "—", "—", str(len(facts.statements)))
    head: tuple[str, ...] = ("类别", "受访人次", "配额完成", "诉求条数")
    lines: list[tuple[str, ...]] = [*rows, sums]
    if not any(e.quota for e in entries):
        # Nobody planned how many of each to meet: the column of quotas is left out.
        head, *lines = [row[:2] + row[3:] for row in (head, *lines)]
    table = folded(Table("表4-2 受访对象", head, tuple(lines)))
    return [Paragraph(_heard_words(facts, said)), table, *_unheard(facts, said)]


def _quota(people: int, quota: int | None) -> str:
    return f"{people}/{quota}" if quota else "—"


def _heard_words(facts: Evidence, said: Counter[str]) -> str:
    named = [(label, n) for label, n in said.items() if label]
    if not named:
        return "受访对象的类别见表4-2。"
    ranked = sorted(named, key=lambda item: (-item[1], item[0]))
    first, count = ranked[0]
    total = len(facts.statements)
    words = f"诉求来自{len(named)}类受访对象（表4-2），以{first}最多，{count}条，"
    words += f"占{share(count, total)}"
    others = listed([label for label, _ in ranked[1:4]], 3)
    return words + (f"；其后依次为{others}。" if others else "。")


def _unheard(facts: Evidence, said: Counter[str]) -> list[Block]:
    entries = facts.study.informants
    if not entries:
        return []
    silent = [e.label for e in entries
              if not e.people and not said[e.label] and e.code != "other"]  # fmt: skip
    short = [
        f"{e.label}（{e.people}/{e.quota}）" for e in entries if e.quota and e.people < e.quota
    ]
    found: list[Block] = []
    if silent:
        found.append(Paragraph(
            f"本次没有听到{'、'.join(silent)}的声音。这不等于他们没有需求，"
            "项目启动后将在第一个月补充走访，结果写入中期评估。"
        ))  # fmt: skip
    if short:
        found.append(Paragraph(f"未达到访谈配额的类别有：{'、'.join(short)}（表4-2）。"))
    return found
