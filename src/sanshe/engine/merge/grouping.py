"""`merge`: which texts ask for the same thing at the same place."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sanshe.engine.errors import EngineError
from sanshe.engine.features import Ints
from sanshe.engine.merge.clusters import LARGEST, VAST, cells, cut, link, nearest
from sanshe.engine.merge.scorer import Placed, Scorer, View

#: What is believed of a text's leaf: code → chance. Empty: nobody said.
Belief = Mapping[str, float]


def merge(
    texts: Sequence[str],
    places: Sequence[str],
    beliefs: Sequence[Belief],
    scorer: Scorer,
    *,
    locked: Mapping[int, int] | None = None,
) -> list[int]:
    """Group texts that ask for the same thing at the same place.

    Args:
        texts: normalised. places: "" where unknown; texts of different places never meet.
        beliefs: chances of the leaves as a classifier gives them, {code: 1} from a person, {}
            where unknown; another leaf makes a pair unlikelier, not impossible.
        scorer: made by `fit.fit_scorer`.
        locked: text → the group (any number) people have fixed it in. Members of a locked group
            stay together, two locked groups of one place stay apart, free texts may join.

    Returns:
        For each text the index of the first member of its group.

    Raises:
        EngineError: the three sequences differ in length, or a locked group spans two places.
    Cost: O(Σ b²) over the blocks (places) b up to 1,500 texts; larger blocks O(b²) for finding
    neighbours and O(parts) for the rest. Texts that are equal are compared once.
    """
    if not len(texts) == len(places) == len(beliefs):
        raise EngineError("texts, places and beliefs must be equally many")
    groups = dict(locked or {})
    items, member = _items(texts, places, beliefs, groups)
    texts_placed, view = scorer.place([texts[first] for first in items])
    item_group = np.arange(len(items))
    blocks: dict[str, list[int]] = defaultdict(list)
    for item, first in enumerate(items):
        blocks[places[first]].append(item)
    for block in blocks.values():
        inside = np.array(block, dtype=np.int64)
        own = [beliefs[items[item]] for item in block]
        lock = [groups.get(items[item]) for item in block]
        task = _Block(texts_placed[inside], own, lock, scorer, view)
        for part, numbers in task.groups():
            heads: dict[int, int] = {}
            for item, number in zip(inside[part].tolist(), numbers, strict=True):
                item_group[item] = heads.setdefault(number, item)
    return _first_members(item_group[member].tolist())


def _items(
    texts: Sequence[str], places: Sequence[str], beliefs: Sequence[Belief], locked: dict[int, int]
) -> tuple[list[int], Ints]:
    """What is compared: equal texts once, and a locked group by its longest text.

    Returns the first text of each item, and the item of each text.
    """
    keys: dict[tuple[object, ...], int] = {}
    items: list[int] = []
    member = np.empty(len(texts), dtype=np.int64)
    homes: dict[int, str] = {}
    for index, (text, place, belief) in enumerate(zip(texts, places, beliefs, strict=True)):
        group = locked.get(index)
        if group is not None and homes.setdefault(group, place) != place:
            raise EngineError(f"locked group {group} spans two places")
        key = ("locked", group) if group is not None else (text, place, _likeliest(belief))
        if key not in keys:
            keys[key] = len(items)
            items.append(index)
        elif group is not None and len(text) > len(texts[items[keys[key]]]):
            items[keys[key]] = index
        member[index] = keys[key]
    return items, member


def _likeliest(belief: Belief) -> str:
    return max(belief, key=belief.__getitem__, default="")


@dataclass(frozen=True, eq=False)
class _Block:
    """The items of one place."""

    items: Placed
    beliefs: Sequence[Belief]
    locked: Sequence[int | None]
    scorer: Scorer
    view: View

    def groups(self) -> Iterator[tuple[Ints, list[int]]]:
        """The parts of the block and the group numbers inside each."""
        for part in self._parts():
            odds = self.scorer.odds(self.items[part], [self.beliefs[i] for i in part], self.view)
            fixed = [at for at, item in enumerate(part) if self.locked[item] is not None]
            yield part, link(odds, self.view.threshold, fixed)

    def _parts(self) -> list[Ints]:
        points, count = self.items.points, len(self.beliefs)
        if count <= LARGEST:
            return [np.arange(count)]
        if count > VAST:
            return cells(points)
        pairs = nearest(points)
        close = (points[pairs[:, 0]] * points[pairs[:, 1]]).sum(axis=1)
        return cut(pairs, close, count)


def _first_members(groups: list[int]) -> list[int]:
    """Each text's group as the index of the group's first text."""
    first: dict[int, int] = {}
    return [first.setdefault(group, index) for index, group in enumerate(groups)]
