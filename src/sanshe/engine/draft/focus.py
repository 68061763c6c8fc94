"""Which needs a proposal takes up, and where the others go.

A study hears more than one project can answer. The rule takes a few needs that belong together;
people may choose otherwise, and what is left out is listed with its reason, never lost.
"""

from collections.abc import Collection, Iterable, Sequence

from sanshe.engine.draft.facts import DraftNeed
from sanshe.engine.draft.forms import SAFETY_LEAVES
from sanshe.engine.draft.rules import DraftRules
from sanshe.engine.rank import BAND_ORDER

#: A need of this band is taken up whatever its field.
_ALWAYS = "A"


def is_safety(need: DraftNeed) -> bool:
    """Such a need is answered by people at once and stands in no proposal."""
    return need.safety or need.band == "P0" or need.leaf in SAFETY_LEAVES


def in_order(needs: Iterable[DraftNeed]) -> list[DraftNeed]:
    """By band, then priority, then id; ids of digits in the order of their numbers."""
    return sorted(
        needs,
        key=lambda n: (BAND_ORDER.index(n.band), -n.priority, len(n.id), n.id),
    )


def focus_of(
    needs: Sequence[DraftNeed], matched: Collection[str], rules: DraftRules
) -> tuple[str, ...]:
    """The ids of the needs a proposal is drafted from, where nobody has chosen others.

    In the order of the bands, matched needs first inside a band, then by priority, at most
    `rules.focus_needs`. A need whose field would be one more than `rules.focus_fields` is passed
    over, except those of band A. Bands outside `rules.focus_bands` are taken only where no other
    need is open. Safety needs and needs that are settled elsewhere are never taken.

    Args:
        needs: ranked needs in any order.
        matched: ids of the needs that an offer was given to.

    Returns:
        ids by band and priority, as the proposal numbers them.

    Cost: O(n log n).
    """
    free = [need for need in needs if not is_safety(need) and not need.settled]
    wanted = [need for need in free if need.band in rules.focus_bands] or free
    wanted = in_order(wanted)
    # Sorting is stable: priority still decides among the matched ones of a band.
    wanted.sort(key=lambda need: (BAND_ORDER.index(need.band), need.id not in matched))
    taken: list[DraftNeed] = []
    fields: set[str] = set()
    for need in wanted:
        if len(taken) == rules.focus_needs:
            break
        field = need.leaf[:3]
        if field in fields or len(fields) < rules.focus_fields or need.band == _ALWAYS:
            fields.add(field)
            taken.append(need)
    return tuple(need.id for need in in_order(taken))


def left_because(
    need: DraftNeed, matched: Collection[str], gaps: Collection[str], rules: DraftRules
) -> str:
    """Where a need goes that this proposal does not take up, in a few words."""
    if need.settled:
        return need.settled
    if need.band not in rules.focus_bands:
        return "得分较低，观察"
    if need.id in matched:
        return "已有资源，转介"
    if need.id in gaps:
        return "缺资源，列缺口清单"
    return "留待下期"
