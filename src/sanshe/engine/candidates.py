"""Which offers can answer which needs: hard filters first, then the fit.

Needs are sorted by category and place; the needs inside an offer's catchment are then one slice,
because a place's code begins with the codes of the places around it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Place part by the number of digits an offer's catchment names.
PLACE_FULL, PLACE_TOWN, PLACE_WIDER = 1.0, 0.7, 0.4
#: Target part where one side names no group: it may serve, but is not made for it.
TARGET_OPEN = 0.5
#: Fits are kept on a grid of one ten-thousandth, so that sums and proofs are exact.
GRID = 10_000
#: The parts of a fit, in the order in which they are stored and shown.
PARTS = ("leaf", "place", "target", "capacity", "time")


@dataclass(frozen=True)
class NeedRow:
    """A need to be matched. `date_from`..`date_to` is its window; the need's date is its start."""

    id: str
    leaves: tuple[str, ...]
    community: str = ""
    people: int = 1
    priority: float = 0.0
    band: str = "D"
    target_group: str = ""
    languages: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None


@dataclass(frozen=True)
class OfferRow:
    """An offer. `catchment` holds codes or prefixes; `free` of `capacity` units are left."""

    id: str
    leaves: tuple[str, ...]
    capacity: int
    catchment: tuple[str, ...] = ()
    provider: str = ""
    kind: str = ""
    title: str = ""
    target_groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    unit_cost_fen: int = 0
    valid_from: date | None = None
    valid_to: date | None = None
    minors_cleared: bool = False
    free: int | None = None

    @property
    def places(self) -> int:
        """Units that can still be given."""
        return self.capacity if self.free is None else self.free


@dataclass(frozen=True)
class FitWeights:
    """Weights of the five parts; they sum to 1."""

    leaf: float = 0.40
    place: float = 0.20
    target: float = 0.15
    capacity: float = 0.15
    time: float = 0.10

    def vector(self) -> Floats:
        return np.array([getattr(self, part) for part in PARTS])


@dataclass(frozen=True)
class Pairs:
    """Feasible pairs by need (CSR): need i has pairs indptr[i]..indptr[i+1].

    offer: (n_pairs,) index of the offer. fit: (n_pairs,) whole 1/GRID units. parts: (n_pairs, 5),
    each 0..1 in the order of PARTS.
    """

    indptr: Ints
    offer: Ints
    fit: Ints
    parts: Floats = field(repr=False)

    def of(self, need: int) -> range:
        """The pairs of one need."""
        return range(int(self.indptr[need]), int(self.indptr[need + 1]))


def feasible_pairs(
    needs: Sequence[NeedRow],
    offers: Sequence[OfferRow],
    weights: FitWeights | None = None,
    forbidden: frozenset[tuple[str, str]] = frozenset(),
) -> Pairs:
    """Every need–offer pair that passes the hard filters, with its fit.

    Hard filters: catchment, validity on the need's date, a free unit, each language the need
    names, minors_cleared for CHD leaves, target group where both name one, same leaf or at
    least same category. `forbidden` holds (need id, offer id) that a person has refused.

    Cost: O(n log n + Σ over offers of the needs in their categories and catchments).
    """
    table = _NeedTable(needs)
    found = [table.pairs_with(offer) for offer in offers]
    need = np.concatenate([f[0] for f in found]) if found else np.zeros(0, np.int64)
    parts = np.concatenate([f[1] for f in found]) if found else np.zeros((0, len(PARTS)))
    offer = np.repeat(np.arange(len(offers), dtype=np.int64), [len(f[0]) for f in found])
    if forbidden:
        keep = np.array(
            [
                (needs[i].id, offers[j].id) not in forbidden
                for i, j in zip(need.tolist(), offer.tolist(), strict=True)
            ],
            dtype=np.bool_,
        )
        need, offer, parts = need[keep], offer[keep], parts[keep]
    order = np.lexsort((offer, need))
    need, offer, parts = need[order], offer[order], parts[order]
    fit = np.rint(parts @ (weights or FitWeights()).vector() * GRID).astype(np.int64)
    indptr = np.searchsorted(need, np.arange(len(needs) + 1)).astype(np.int64)
    return Pairs(indptr, offer, fit, parts)


def why_infeasible(need: NeedRow, offer: OfferRow) -> list[str]:
    """The hard filters that keep this offer from this need, as codes; empty when it can serve.

    One of: category, catchment, capacity, not_valid, language, minors, target_group.
    """
    reasons = []
    if not {leaf[:3] for leaf in need.leaves} & {leaf[:3] for leaf in offer.leaves}:
        reasons.append("category")
    if offer.catchment and need.community and not need.community.startswith(offer.catchment):
        reasons.append("catchment")
    if offer.places <= 0:
        reasons.append("capacity")
    if not _valid_on(offer, need.date_from or need.date_to):
        reasons.append("not_valid")
    if need.languages and not set(need.languages) <= set(offer.languages):
        reasons.append("language")
    if not offer.minors_cleared and any(leaf.startswith("CHD") for leaf in need.leaves):
        reasons.append("minors")
    if need.target_group and offer.target_groups and need.target_group not in offer.target_groups:
        reasons.append("target_group")
    return reasons


def _valid_on(offer: OfferRow, day: date | None) -> bool:
    if day is None:
        return True
    return (offer.valid_from is None or offer.valid_from <= day) and (
        offer.valid_to is None or day <= offer.valid_to
    )


class _NeedTable:
    """The needs as columns, and for each category the needs in the order of their places."""

    def __init__(self, needs: Sequence[NeedRow]) -> None:
        self.needs = needs
        self.code = np.array([_as_number(n.community) for n in needs], np.int64)
        far_past, far_future = date.min.toordinal(), date.max.toordinal()
        starts = [n.date_from or n.date_to for n in needs]
        self.dated = np.array([d is not None for d in starts], bool)
        self.start = np.array([d.toordinal() if d else far_past for d in starts], np.int64)
        self.end = np.array(
            [max((n.date_to or d).toordinal(), d.toordinal()) if d else far_future
             for n, d in zip(needs, starts, strict=True)], np.int64
        )  # fmt: skip
        self.child = np.array([any(x.startswith("CHD") for x in n.leaves) for n in needs], bool)
        self.language_bit: dict[str, int] = {}
        for n in needs:
            for language in n.languages:
                self.language_bit.setdefault(language, len(self.language_bit))
        self.languages = np.array([self._bits(n.languages) for n in needs], np.int64)
        self.groups: dict[str, int] = {}
        self.group = np.array(
            [self.groups.setdefault(n.target_group, len(self.groups)) + 1 if n.target_group else 0
             for n in needs], np.int64
        )  # fmt: skip
        self.by_leaf = self._index(lambda n: n.leaves)
        self.by_category = self._index(lambda n: tuple({leaf[:3] for leaf in n.leaves}))

    def _bits(self, languages: Sequence[str]) -> int:
        return sum(1 << self.language_bit[x] for x in languages if x in self.language_bit)

    def _index(self, keys: Callable[[NeedRow], tuple[str, ...]]) -> dict[str, Ints]:
        lists: dict[str, list[int]] = {}
        for i, need in enumerate(self.needs):
            for key in keys(need):
                lists.setdefault(key, []).append(i)
        return {
            key: np.array(sorted(rows, key=lambda i: (self.code[i], i)), np.int64)
            for key, rows in lists.items()
        }

    def pairs_with(self, offer: OfferRow) -> tuple[Ints, Floats]:
        """The needs this offer can serve and the five parts of each fit."""
        empty = np.zeros(0, np.int64), np.zeros((0, len(PARTS)))
        if offer.places <= 0:
            return empty
        rows, place = self._inside(offer)
        if not len(rows):
            return empty
        keep = self._passes(offer, rows)
        rows, place = rows[keep], place[keep]
        same_leaf = np.zeros(len(self.needs), bool)
        for leaf in offer.leaves:
            same_leaf[self.by_leaf.get(leaf, rows[:0])] = True
        parts = np.empty((len(rows), len(PARTS)))
        parts[:, 0] = np.where(same_leaf[rows], 1.0, 0.5)
        parts[:, 1] = place
        both = (self.group[rows] > 0) & bool(offer.target_groups)
        parts[:, 2] = np.where(both, 1.0, TARGET_OPEN)
        parts[:, 3] = offer.places / offer.capacity if offer.capacity else 0.0
        parts[:, 4] = self._time(offer, rows)
        return rows, parts

    def _inside(self, offer: OfferRow) -> tuple[Ints, Floats]:
        """Needs of the offer's categories inside its catchment, with the best place part."""
        best = np.zeros(len(self.needs))
        for category in {leaf[:3] for leaf in offer.leaves}:
            rows = self.by_category.get(category)
            if rows is None:
                continue
            codes = self.code[rows]
            for prefix in offer.catchment or ("",):
                low, high = _range_of(prefix)
                part = _place_part(prefix)
                inside = rows[np.searchsorted(codes, low) : np.searchsorted(codes, high)]
                best[inside] = np.maximum(best[inside], part)
            # A need without a place can be served by anyone; how near is not known.
            nowhere = rows[: np.searchsorted(codes, 0, side="right")]
            best[nowhere] = np.maximum(best[nowhere], PLACE_WIDER)
        found = np.flatnonzero(best)
        return found.astype(np.int64), best[found]

    def _passes(self, offer: OfferRow, rows: Ints) -> Bools:
        ok = (self.languages[rows] & ~np.int64(self._bits(offer.languages))) == 0
        if not offer.minors_cleared:
            ok &= ~self.child[rows]
        if offer.target_groups:
            known = [self.groups[g] + 1 for g in offer.target_groups if g in self.groups]
            ok &= (self.group[rows] == 0) | np.isin(self.group[rows], known)
        dated = self.dated[rows]
        if offer.valid_from:
            ok &= ~dated | (self.start[rows] >= offer.valid_from.toordinal())
        if offer.valid_to:
            ok &= ~dated | (self.start[rows] <= offer.valid_to.toordinal())
        return np.asarray(ok, bool)

    def _time(self, offer: OfferRow, rows: Ints) -> Floats:
        start, end = self.start[rows], self.end[rows]
        low = np.maximum(start, offer.valid_from.toordinal() if offer.valid_from else start)
        high = np.minimum(end, offer.valid_to.toordinal() if offer.valid_to else end)
        share = np.clip((high - low + 1) / np.maximum(1, end - start + 1), 0.0, 1.0)
        return np.where(self.dated[rows], share, 1.0)


def _as_number(code: str) -> int:
    return int(code.ljust(12, "0")) if code else 0


def _range_of(prefix: str) -> tuple[int, int]:
    """Codes from..below that begin with the prefix, as numbers of 12 digits."""
    if not prefix:
        return 1, 10**12
    width = 10 ** (12 - len(prefix))
    return int(prefix) * width, (int(prefix) + 1) * width


def _place_part(prefix: str) -> float:
    if len(prefix) >= 12:
        return PLACE_FULL
    return PLACE_TOWN if len(prefix) >= 9 else PLACE_WIDER
