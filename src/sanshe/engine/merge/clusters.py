"""From closenesses of texts to groups of texts.

Average linkage does not chain: a text joins a group when it is like the group as a whole. Moving
single texts afterwards mends what early steps got wrong. Both cost the square of a block, so a
large block is first cut where nothing holds it together.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: The largest block that is compared pair by pair.
LARGEST = 1_500
#: In a larger block every text is compared with this many of its nearest.
NEIGHBOURS = 24
#: Beyond this a block is cut into cells first: looking at every pair would cost too much.
VAST = 12_000
_NEVER = 100.0
#: Log-odds are cut to this range: beyond it nothing is surer.
_LEAST, _MOST = -7.0, 4.0
#: Groups begin where two texts are one need as likely as not.
_EVEN = 0.0
#: A smaller gain is rounding.
_GAIN = 1e-3


def link(odds: Floats, threshold: float, fixed: Sequence[int]) -> list[int]:
    """Group numbers (0…) of n items, from the log-odds that two of them belong together.

    Groups that hold together on average are a beginning; then, one at a time, the item that gains
    most moves to where it belongs (`_settled`).

    Args:
        odds: shape (n, n), symmetric.
        threshold: a pair whose log-odds are higher speaks for one group, lower against it.
        fixed: items that are locked groups; two of them never meet in one group.

    Cost: O(n²) memory and time (scipy's nearest-neighbour chain), O(n) for each move.
    """
    count = len(odds)
    if count == 1:
        return [0]
    sure = np.clip(odds.astype(np.float64), _LEAST, _MOST)
    locked = np.array(fixed, dtype=np.int64)
    apart = _MOST - sure
    np.fill_diagonal(apart, 0.0)
    if len(locked) > 1:
        meeting = np.ix_(locked, locked)
        apart[meeting] = _NEVER * (1 - np.eye(len(locked)))
        sure[meeting] = -_NEVER * count
    tree = linkage(squareform(apart, checks=False), "average")
    groups = fcluster(tree, _MOST - _EVEN, "distance").astype(np.int64)
    return [int(group) for group in _settled(sure - threshold, _separated(groups, odds, locked))]


def _settled(gain: NDArray[np.float64], groups: Ints) -> Ints:
    """Groups from which no single item gains by moving to another, or away on its own.

    The sum of `gain` (n, n) over all pairs inside groups only ever grows (correlation clustering by
    steepest ascent). Which item moves does not depend on the order of the items, ties apart.
    """
    count, rows = len(gain), np.arange(len(gain))
    np.fill_diagonal(gain, 0.0)
    groups = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    # What each item gains in each group; as many are empty as there may be items on their own.
    held = np.zeros((count, count + 1))
    held[:, : len(starts)] = np.add.reduceat(gain[:, order], starts, axis=1)
    best = held.argmax(axis=1)
    while True:
        more = held[rows, best] - held[rows, groups]
        item = int(more.argmax())
        if more[item] <= _GAIN:
            return groups
        left, joined = int(groups[item]), int(best[item])
        groups[item] = joined
        held[:, left] -= gain[:, item]
        held[:, joined] += gain[:, item]
        for group in (left, joined):
            best = np.where(held[:, group] > held[rows, best], group, best)
        stale = np.flatnonzero((best == left) | (best == joined))
        best[stale] = held[stale].argmax(axis=1)


def _separated(groups: Ints, odds: Floats, locked: Ints) -> Ints:
    """Groups in which several locked items met are split: each free item goes to its likeliest."""
    groups = groups.copy()
    for group in np.unique(groups[locked]) if len(locked) else ():
        inside = locked[groups[locked] == group]
        if len(inside) < 2:
            continue
        for item in np.flatnonzero(groups == group):
            groups[item] = -1 - int(inside[np.argmax(odds[item, inside])])
        groups[inside] = -1 - inside
    return groups


def cut(pairs: Ints, close: Floats, count: int) -> list[Ints]:
    """Parts of at most LARGEST items, the strongest pairs kept together first.

    Args:
        pairs: shape (p, 2), candidates inside the block. close: shape (p,).
        count: how many items the block has.

    Cost: O(p log p).
    """
    parent = np.arange(count)
    size = np.ones(count, dtype=np.int64)

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = int(parent[item])
        return item

    for pair in np.argsort(-close, kind="stable").tolist():
        one, two = root(int(pairs[pair, 0])), root(int(pairs[pair, 1]))
        if one == two or size[one] + size[two] > LARGEST:
            continue
        if one > two:
            one, two = two, one
        parent[two] = one
        size[one] += size[two]
    roots = np.array([root(item) for item in range(count)])
    order = np.argsort(roots, kind="stable")
    starts = np.flatnonzero(np.diff(roots[order], prepend=-1))
    return [part for part in np.split(order, starts[1:]) if len(part)]


def cells(vectors: Floats, most: int = LARGEST) -> list[Ints]:
    """A very large block cut into cells of at most `most` near vectors.

    Each vector goes to the nearest of √n spread over the first axis; a cell that is still too
    large is cut again, and one that cannot be cut (equal vectors) is sliced. Order does not
    matter. Cost: O(n^1.5 · d).
    """
    todo, done = [np.arange(len(vectors))], []
    while todo:
        cell = todo.pop()
        if len(cell) <= most:
            done.append(cell)
            continue
        own = vectors[cell]
        along = np.argsort(own[:, 0], kind="stable")
        heads = own[along[:: max(1, int(len(cell) ** 0.5))]]
        home = np.concatenate(
            [(own[at : at + 8_192] @ heads.T).argmax(axis=1) for at in range(0, len(own), 8_192)]
        )
        parts = [cell[home == number] for number in np.unique(home)]
        if len(parts) == 1:
            parts = [cell[at : at + most] for at in range(0, len(cell), most)]
        todo += parts
    return done


def nearest(vectors: Floats, many: int = NEIGHBOURS) -> Ints:
    """Pairs (i < j) of each vector and its nearest by cosine, shape (p, 2), each once.

    Vectors of length 0 have no neighbours. Cost: O(n² d) time in blocks, O(n · many) memory.
    """
    count = len(vectors)
    found = []
    for start in range(0, count, 2_048):
        block = vectors[start : start + 2_048]
        like = block @ vectors.T
        like[np.arange(len(block)), np.arange(start, start + len(block))] = -1.0
        keep = min(many, count - 1)
        near = np.argpartition(-like, keep - 1, axis=1)[:, :keep]
        rows = np.repeat(np.arange(start, start + len(block)), keep)
        columns = near.ravel()
        positive = np.take_along_axis(like, near, axis=1).ravel() > 0
        found.append(np.stack([rows[positive], columns[positive]], axis=1))
    pairs = np.concatenate(found) if found else np.zeros((0, 2), np.int64)
    pairs.sort(axis=1)
    return np.unique(pairs, axis=0)
