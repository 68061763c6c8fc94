"""`merge`: which texts ask for the same thing at the same place."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from sanshe.engine.errors import EngineError
from sanshe.engine.features import Floats, Ints
from sanshe.engine.merge.clusters import LARGEST, VAST, cells, cut, link, nearest
from sanshe.engine.merge.scorer import Scorer

#: What another leaf, and another field, takes from the closeness of two texts (cosines, -1..1).
#: A label may be a machine's: it makes a pair unlikelier, never impossible.
OTHER_LEAF, OTHER_FIELD = 0.5, 1.0


def merge(
    texts: Sequence[str],
    places: Sequence[str],
    labels: Sequence[str],
    scorer: Scorer,
    *,
    locked: Mapping[int, int] | None = None,
) -> list[int]:
    """Group texts that ask for the same thing at the same place.

    Args:
        texts: normalised. places: "" where unknown; texts of different places never meet.
        labels: leaf codes, "" where unknown; another leaf makes a pair unlikelier, not impossible.
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
    if not len(texts) == len(places) == len(labels):
        raise EngineError("texts, places and labels must be equally many")
    groups = dict(locked or {})
    items, member = _items(texts, places, labels, groups)
    vectors, threshold = scorer.place([texts[first] for first in items])
    item_group = np.arange(len(items))
    blocks: dict[str, list[int]] = defaultdict(list)
    for item, first in enumerate(items):
        blocks[places[first]].append(item)
    for block in blocks.values():
        inside = np.array(block, dtype=np.int64)
        own = [labels[items[item]] for item in block]
        lock = [groups.get(items[item]) for item in block]
        for part, numbers in _block(vectors[inside], threshold, own, lock):
            heads: dict[int, int] = {}
            for item, number in zip(inside[part].tolist(), numbers, strict=True):
                item_group[item] = heads.setdefault(number, item)
    return _first_members(item_group[member].tolist())


def _items(
    texts: Sequence[str], places: Sequence[str], labels: Sequence[str], locked: dict[int, int]
) -> tuple[list[int], Ints]:
    """What is compared: equal texts once, and a locked group by its longest text.

    Returns the first text of each item, and the item of each text.
    """
    keys: dict[tuple[object, ...], int] = {}
    items: list[int] = []
    member = np.empty(len(texts), dtype=np.int64)
    homes: dict[int, str] = {}
    for index, (text, place, label) in enumerate(zip(texts, places, labels, strict=True)):
        group = locked.get(index)
        if group is not None and homes.setdefault(group, place) != place:
            raise EngineError(f"locked group {group} spans two places")
        key = ("locked", group) if group is not None else (text, place, label)
        if key not in keys:
            keys[key] = len(items)
            items.append(index)
        elif group is not None and len(text) > len(texts[items[keys[key]]]):
            items[keys[key]] = index
        member[index] = keys[key]
    return items, member


def _block(
    vectors: Floats, threshold: float, labels: list[str], locked: list[int | None]
) -> list[tuple[Ints, list[int]]]:
    """The parts of a block and the group numbers inside each."""
    if len(labels) <= LARGEST:
        return [(np.arange(len(labels)), _linked(vectors, threshold, labels, locked))]
    if len(labels) > VAST:
        parts = cells(vectors)
    else:
        pairs = nearest(vectors)
        close = (vectors[pairs[:, 0]] * vectors[pairs[:, 1]]).sum(axis=1)
        parts = cut(pairs, close, len(labels))
    return [
        (
            part,
            _linked(vectors[part], threshold, [labels[i] for i in part], [locked[i] for i in part]),
        )
        for part in parts
    ]


def _linked(
    vectors: Floats, threshold: float, labels: list[str], locked: list[int | None]
) -> list[int]:
    close = vectors @ vectors.T - label_cost(labels)
    fixed = [index for index, group in enumerate(locked) if group is not None]
    return link(close, threshold, fixed)


def label_cost(labels: Sequence[str]) -> Floats:
    """What different labels take from closeness, shape (n, n); nothing where one is unknown."""
    leaf = np.array(labels)
    field = np.array([label[:3] for label in labels])
    both = (leaf != "")[:, None] & (leaf != "")[None, :]
    cost = OTHER_LEAF * (leaf[:, None] != leaf[None, :])
    cost = np.where(field[:, None] != field[None, :], OTHER_FIELD, cost)
    result: Floats = (cost * both).astype(np.float32)
    return result


def _first_members(groups: list[int]) -> list[int]:
    """Each text's group as the index of the group's first text."""
    first: dict[int, int] = {}
    return [first.setdefault(group, index) for index, group in enumerate(groups)]
