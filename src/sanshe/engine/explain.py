"""Why this offer, why not the next one, why none: from the result and its prices.

The price of an offer is what one more unit of it would be worth to the needs that did not get
one. So "you fit better there" has an exact answer: by how much somebody else needs it more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sanshe.engine.candidates import GRID, PARTS, NeedRow, OfferRow, Pairs, why_infeasible
from sanshe.engine.match import Assignment

#: Hard filters from the farthest miss to the nearest; the nearest offer misses by the least.
_DISTANCE = {
    "category": 64,
    "not_valid": 8,
    "catchment": 8,
    "target_group": 6,
    "minors": 4,
    "language": 4,
    "capacity": 2,
}


@dataclass(frozen=True)
class Explanation:
    """What can be said of one need.

    code: "matched", "full" (suitable offers exist, others needed their units more), "blocked"
    (offers of the category exist, `blocks` says what keeps each kind of them away: filter code →
    number of offers) or "no_offer". parts: the five parts of the fit, 0..1. next_best: another
    offer's index, or for an unserved need the nearest offer's. why_not: "only", "fit" (fits
    less, by `difference`), "needed_more" (fits at least as well, others needed it more).
    """

    code: str
    offer: int | None = None
    fit: float = 0.0
    parts: Mapping[str, float] = field(default_factory=dict)
    next_best: int | None = None
    why_not: str = ""
    difference: float = 0.0
    blocks: Mapping[str, int] = field(default_factory=dict)
    nearest_blocks: tuple[str, ...] = ()


def explain(
    needs: Sequence[NeedRow], offers: Sequence[OfferRow], pairs: Pairs, result: Assignment
) -> list[Explanation]:
    """One explanation for each need, in order.

    Cost: O(pairs), and O(offers) for each need that no offer can serve.
    """
    return [
        _matched(i, pairs, result)
        if result.chosen[i] >= 0
        else (_full(i, pairs) if len(pairs.of(i)) else _blocked(needs[i], offers))
        for i in range(len(needs))
    ]


def _matched(need: int, pairs: Pairs, result: Assignment) -> Explanation:
    pair = int(result.chosen[need])
    fit = int(pairs.fit[pair])
    others = [k for k in pairs.of(need) if k != pair]
    best = max(others, key=lambda k: (int(pairs.fit[k]), -int(pairs.offer[k])), default=None)
    why_not, difference = "only", 0.0
    if best is not None:
        difference = (fit - int(pairs.fit[best])) / GRID
        why_not = "fit" if difference > 0 else "needed_more"
        if difference == 0 and result.prices[pairs.offer[best]] <= 0:
            why_not = "equal"
    return Explanation(
        "matched",
        offer=int(pairs.offer[pair]),
        fit=fit / GRID,
        parts=dict(zip(PARTS, (float(x) for x in pairs.parts[pair]), strict=True)),
        next_best=None if best is None else int(pairs.offer[best]),
        why_not=why_not,
        difference=abs(difference),
    )


def _full(need: int, pairs: Pairs) -> Explanation:
    best = max(pairs.of(need), key=lambda k: (int(pairs.fit[k]), -int(pairs.offer[k])))
    return Explanation(
        "full",
        next_best=int(pairs.offer[best]),
        fit=int(pairs.fit[best]) / GRID,
        parts=dict(zip(PARTS, (float(x) for x in pairs.parts[best]), strict=True)),
        why_not="needed_more",
    )


def _blocked(need: NeedRow, offers: Sequence[OfferRow]) -> Explanation:
    counts: dict[str, int] = {}
    nearest: tuple[int, int] | None = None
    blocks: tuple[str, ...] = ()
    for index, offer in enumerate(offers):
        reasons = why_infeasible(need, offer)
        if "category" in reasons:
            continue
        for reason in reasons:
            counts[reason] = counts.get(reason, 0) + 1
        other_leaf = not set(need.leaves) & set(offer.leaves)
        distance = sum(_DISTANCE[reason] for reason in reasons) + other_leaf
        if nearest is None or distance < nearest[0]:
            nearest, blocks = (distance, index), tuple(reasons)
    if nearest is None:
        return Explanation("no_offer")
    return Explanation("blocked", next_best=nearest[1], blocks=counts, nearest_blocks=blocks)


_LEAF = (("同一服务领域", "同一需求类型"), ("same field", "same need type"))
_ZH = {
    "target": "专为该人群",
    "category": "服务领域不同",
    "catchment": "服务范围不含该社区",
    "capacity": "已无名额",
    "not_valid": "当时不在有效期内",
    "language": "语言不符",
    "minors": "未通过涉未成年人从业查询",
    "target_group": "服务对象不符",
}
_EN = {
    "target": "made for this group",
    "category": "another field",
    "catchment": "outside its catchment",
    "capacity": "no unit left",
    "not_valid": "not valid on that day",
    "language": "language not spoken",
    "minors": "not cleared for minors",
    "target_group": "another target group",
}


def reason(explanation: Explanation, offers: Sequence[OfferRow], language: str = "zh") -> str:
    """One sentence: why this offer, or why none. `language` is "zh" or "en"."""
    words, english = (_EN, True) if language == "en" else (_ZH, False)
    if explanation.code == "matched":
        return _why_this(explanation, english)
    if explanation.code == "no_offer":
        return (
            "No offer in this field: services have to be found or built up."
            if english
            else "全市没有这一领域的服务资源，需要链接或培育。"
        )
    nearest = _name(explanation.next_best, offers)
    if explanation.code == "full":
        return (
            f"{nearest} fits ({explanation.fit:.2f}), but all its units go to needs that are "
            "more urgent or fit better."
            if english
            else f"“{nearest}”合适（{explanation.fit:.2f}），但名额已给更紧急或更匹配的需求。"
        )
    missing = ("; " if english else "、").join(words[code] for code in explanation.nearest_blocks)
    return (
        f"The nearest offer, {nearest}, cannot serve: {missing}."
        if english
        else f"最接近的“{nearest}”不能承接：{missing}。"
    )


def why_not(explanation: Explanation, offers: Sequence[OfferRow], language: str = "zh") -> str:
    """One sentence on the next best offer of a need that was served; "" where there is none."""
    if explanation.code != "matched":
        return ""
    english = language == "en"
    name = _name(explanation.next_best, offers)
    points = f"{explanation.difference:.2f}"
    if explanation.why_not == "only":
        return "It is the only offer that can serve." if english else "这是唯一可承接的资源。"
    if explanation.why_not == "fit":
        return f"{name} fits less, by {points}." if english else f"“{name}”匹配度低 {points}。"
    if explanation.why_not == "equal":
        return f"{name} fits as well." if english else f"“{name}”同样合适，可互换。"
    return (
        f"{name} fits no less (by {points}), but others need its units more."
        if english
        else f"“{name}”匹配度不低（高 {points}），但名额留给了更需要的人。"
    )


def _why_this(explanation: Explanation, english: bool) -> str:
    words = _EN if english else _ZH
    parts = explanation.parts
    said = [_LEAF[english][parts["leaf"] == 1], _place(parts["place"], english)]
    if parts["target"] == 1:
        said.append(words["target"])
    if parts["capacity"] < 1:
        left = f"{parts['capacity']:.0%}"
        said.append(f"{left} of its units left" if english else f"尚余名额 {left}")
    if parts["time"] < 1:
        covered = f"{parts['time']:.0%}"
        said.append(f"covers {covered} of the time" if english else f"覆盖 {covered} 的时间")
    fit = f"{explanation.fit:.2f}"
    return f"{'; '.join(said)} (fit {fit})." if english else f"{'，'.join(said)}（匹配度 {fit}）。"


def _place(part: float, english: bool) -> str:
    if part >= 1:
        return "serves this community" if english else "就在本社区服务"
    if part >= 0.7:
        return "serves this town" if english else "服务范围含本镇（街道）"
    return "serves the wider area" if english else "服务范围含全市"


def _name(index: int | None, offers: Sequence[OfferRow]) -> str:
    if index is None:
        return ""
    return offers[index].title or offers[index].id
