"""One unit of an offer for each need: urgent bands first, then the best total fit, proven.

The problem is a capacitated assignment, so its linear relaxation is whole: a minimum-cost flow is
the exact optimum. Bands are put strictly first by a ladder of bonuses G = m·F + 1 a step (m
offers, fits up to F): sets of needs that can be served together form a transversal matroid, so an
improving cycle visits each offer once and swaps at most one need; losing m·F of fit never pays
for a step. Prices recovered from the flow prove the result (docs/engine/match.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from ortools.graph.python import min_cost_flow

from sanshe.engine.candidates import GRID, NeedRow, OfferRow, Pairs
from sanshe.engine.errors import EngineError
from sanshe.engine.rank import BAND_ORDER

Ints = npt.NDArray[np.int64]

#: Weight of a band where fit × band is wanted instead of bands strictly first.
BAND_WEIGHT = {"P0": 16, "A": 8, "B": 4, "C": 2, "D": 1}


@dataclass(frozen=True)
class Assignment:
    """The result. `chosen[i]` is the pair (index into Pairs) of need i, or -1.

    objective, upper_bound: total fit, in fits of 0..1 (weighted by band where asked); the bound
    is proven by `prices`, (n_offers,) in solver units: what one more unit of an offer is worth.
    """

    chosen: Ints
    objective: float
    upper_bound: float
    prices: Ints = field(repr=False)

    @property
    def gap(self) -> float:
        """How far below the bound the result may be, as a share; 0 is proven optimal."""
        if self.upper_bound <= 0:
            return 0.0
        return max(0.0, (self.upper_bound - self.objective) / self.upper_bound)


def match(
    needs: Sequence[NeedRow],
    offers: Sequence[OfferRow],
    pairs: Pairs,
    *,
    objective: str = "lexicographic",
    pinned: Sequence[tuple[int, int]] = (),
) -> Assignment:
    """Give each need at most one unit of one offer.

    Args:
        pairs: feasible pairs of exactly these needs and offers.
        objective: "lexicographic" (bands strictly first) or "weighted" (fit × band weight).
        pinned: (need index, pair index) that people have fixed; they are kept.

    Ties go to the solver's order, which depends only on the order of the input.

    Raises:
        EngineError: unknown objective or band, or pins that exceed an offer's free units.
    Cost: one minimum-cost flow, measured growth about E^1.2 in the number of pairs E.
    Source: Ahuja, Magnanti, Orlin, Network Flows (1993), ch. 9; OR-Tools SimpleMinCostFlow.
    """
    weight = _weights(needs, len(offers), pairs, objective)
    chosen = np.full(len(needs), -1, np.int64)
    free = np.array([offer.places for offer in offers], np.int64)
    for need, pair in pinned:
        if pair not in pairs.of(need):
            raise EngineError(f"pinned pair {pair} is not one of need {need}")
        chosen[need] = pair
        free[pairs.offer[pair]] -= 1
    if len(free) and free.min() < 0:
        raise EngineError(f"pins exceed the free units of offer {int(free.argmin())}")
    open_needs = np.flatnonzero(chosen < 0)
    owner = np.repeat(np.arange(len(needs)), np.diff(pairs.indptr))
    usable = np.flatnonzero((chosen[owner] < 0) & (free[pairs.offer] > 0))
    if len(usable):
        taken = _solve(owner[usable], pairs.offer[usable], weight[usable], open_needs, free)
        chosen[owner[usable[taken]]] = usable[taken]
    prices = _prices(owner[usable], pairs.offer[usable], weight[usable], chosen, usable, free)
    got = chosen[chosen >= 0]
    total = float(_shown(needs, owner, pairs, objective)[got].sum())
    bound = _bound(owner[usable], pairs.offer[usable], weight[usable], prices, free, len(needs))
    reached = int(weight[chosen[open_needs][chosen[open_needs] >= 0]].sum())
    slack = max(0, bound - reached) / GRID
    return Assignment(chosen, round(total, 6), round(total + slack, 6), prices)


def _shown(
    needs: Sequence[NeedRow], owner: Ints, pairs: Pairs, objective: str
) -> npt.NDArray[np.float64]:
    """The fit of each pair as it is reported, in fits of 0..1."""
    fit = pairs.fit / GRID
    if objective == "lexicographic":
        return fit
    return fit * np.array([BAND_WEIGHT[n.band] for n in needs], np.float64)[owner]


def _weights(needs: Sequence[NeedRow], m: int, pairs: Pairs, objective: str) -> Ints:
    """What each pair is worth to the solver, in whole units."""
    unknown = {n.band for n in needs} - set(BAND_ORDER)
    if unknown:
        raise EngineError(f"unknown band {sorted(unknown)}")
    owner = np.repeat(np.arange(len(needs)), np.diff(pairs.indptr))
    if objective == "weighted":
        return pairs.fit * np.array([BAND_WEIGHT[n.band] for n in needs], np.int64)[owner]
    if objective != "lexicographic":
        raise EngineError(f"unknown objective {objective}")
    step = m * GRID + 1
    rung = {band: len(BAND_ORDER) - i for i, band in enumerate(BAND_ORDER)}
    return pairs.fit + step * np.array([rung[n.band] for n in needs], np.int64)[owner]


def _solve(owner: Ints, offer: Ints, weight: Ints, open_needs: Ints, free: Ints) -> Ints:
    """Positions of the pairs that carry flow. Every need has a free way past all offers."""
    n, m = len(open_needs), len(free)
    position = np.full(int(open_needs.max()) + 1, -1, np.int64)
    position[open_needs] = np.arange(n)
    sink = n + m
    tails = np.concatenate([position[owner], np.arange(n), np.arange(n, n + m)])
    heads = np.concatenate([n + offer, np.full(n, sink), np.full(m, sink)])
    capacity = np.concatenate([np.ones(len(owner) + n, np.int64), np.maximum(free, 0)])
    cost = np.concatenate([-weight, np.zeros(n + m, np.int64)])
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        tails.astype(np.int32), heads.astype(np.int32), capacity, cost
    )
    supplies = np.zeros(sink + 1, np.int64)
    supplies[:n], supplies[sink] = 1, -n
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supplies)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise EngineError(f"the flow solver stopped with {status}")
    return np.flatnonzero(flow.flows(arcs[: len(owner)]) > 0)


def _prices(owner: Ints, offer: Ints, weight: Ints, chosen: Ints, usable: Ints, free: Ints) -> Ints:
    """The least prices under which nobody would rather have another offer.

    Fixpoint of: an unserved need's pair is worth at most its offer's price; a served need would
    not gain by changing. It exists exactly when the assignment is optimal; the number of rounds
    is capped, and prices that are not a fixpoint still give a valid (looser) bound.
    """
    prices = np.zeros(len(free), np.int64)
    if not len(owner):
        return prices
    index = np.full(int(usable.max()) + 1, -1, np.int64)
    index[usable] = np.arange(len(usable))
    mine = np.full(len(chosen), -1, np.int64)
    served = np.flatnonzero(chosen >= 0)
    served = served[[chosen[i] < len(index) and index[chosen[i]] >= 0 for i in served]]
    mine[served] = index[chosen[served]]
    has = mine[owner] >= 0
    own_weight = np.where(has, weight[mine[owner]], 0)
    own_offer = np.where(has, offer[mine[owner]], 0)
    for _ in range(len(free) + 1):
        asked = weight - np.where(has, own_weight - prices[own_offer], 0)
        raised = prices.copy()
        np.maximum.at(raised, offer, asked)
        if np.array_equal(raised, prices):
            break
        prices = raised
    return prices


def _bound(owner: Ints, offer: Ints, weight: Ints, prices: Ints, free: Ints, n: int) -> int:
    """An upper bound on the total weight for any prices ≥ 0 (weak duality)."""
    surplus = np.zeros(n, np.int64)
    np.maximum.at(surplus, owner, weight - prices[offer])
    return int(surplus.sum() + (np.maximum(free, 0) * prices).sum())
