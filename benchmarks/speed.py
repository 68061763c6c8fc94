"""One measurement in a process of its own, as one JSON line: `speed.py NAME SIZE [--peer]`.

`sanshe bench` runs these and works out growth. A peer is the bare library doing the central part
of the same job on the same data, with nothing around it.
"""

import json
import random
import resource
import sys
import time
from collections.abc import Callable

import numpy as np
from ortools.graph.python import min_cost_flow
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from sanshe.config import env
from sanshe.engine.candidates import NeedRow, OfferRow, feasible_pairs
from sanshe.engine.classify import classify_many
from sanshe.engine.match import match
from sanshe.engine.merge import merge
from sanshe.taxonomy.merge_model import shipped_scorer
from sanshe.taxonomy.model import shipped_model
from sanshe.taxonomy.tree import load_exemplars, load_tree

Job = Callable[[], object]


def texts(size: int) -> list[str]:
    """`size` different statements: exemplars, then pairs of exemplars, from a fixed seed."""
    said = [exemplar.text for exemplar in load_exemplars()]
    draw = random.Random(0)
    draw.shuffle(said)
    found = dict.fromkeys(said[:size])
    while len(found) < size:
        found[f"{draw.choice(said)}{draw.choice(said)}"] = None
    return list(found)


def places(size: int) -> list[str]:
    """One of 128 communities for each statement."""
    draw = random.Random(1)
    return [f"350581001{draw.randrange(1, 129):03d}" for _ in range(size)]


def classify(size: int) -> Job:
    model, said = shipped_model(env.home()), texts(size)
    return lambda: list(classify_many(model, said))


def classify_peer(size: int) -> Job:
    known = load_exemplars()
    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    bare = LinearSVC().fit(grams.fit_transform(e.text for e in known), [e.label for e in known])
    said = texts(size)
    return lambda: bare.predict(grams.transform(said))


def merging(size: int) -> Job:
    said, where, scorer = texts(size), places(size), shipped_scorer(env.home())
    model = shipped_model(env.home())
    return lambda: merge(said, where, model.guess(said), scorer)


def merging_peer(size: int) -> Job:
    said = texts(size)

    def run() -> object:
        grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 2)).fit_transform(said)
        return AgglomerativeClustering(
            n_clusters=None, distance_threshold=0.6, metric="cosine", linkage="average"
        ).fit_predict(grams.toarray())

    return run


def market(size: int) -> tuple[list[NeedRow], list[OfferRow]]:
    """`size` needs and a twentieth of offers, from a fixed seed.

    Places grow with the size (200 needs a town), so an offer reaches as many needs at every size.
    """
    draw = random.Random(2)
    leaves = [leaf.code for leaf in load_tree().leaves]
    codes = [f"{100_000_001 + town}{unit:03d}" for town in range(size // 200 + 1)
             for unit in range(1, 9)]  # fmt: skip
    bands = ["P0"] + ["A"] * 2 + ["B"] * 5 + ["C"] * 8 + ["D"] * 4
    needs = [
        NeedRow(f"n{i}", (draw.choice(leaves),), draw.choice(codes), band=draw.choice(bands))
        for i in range(size)
    ]
    offers = []
    for i in range(max(1, size // 20)):
        home = draw.choice(codes)
        reach = draw.choice([home, home[:9]])
        wide = tuple(draw.sample(leaves, draw.randint(1, 3)))
        offers.append(OfferRow(f"o{i}", wide, draw.randint(1, 30), (reach,), minors_cleared=True))
    return needs, offers


def matching(size: int) -> Job:
    needs, offers = market(size)
    return lambda: match(needs, offers, feasible_pairs(needs, offers))


def matching_peer(size: int) -> Job:
    needs, offers = market(size)
    pairs = feasible_pairs(needs, offers)
    owner = np.repeat(np.arange(size), np.diff(pairs.indptr))

    def run() -> object:
        flow, sink = min_cost_flow.SimpleMinCostFlow(), size + len(offers)
        for need, offer, fit in zip(owner, pairs.offer, pairs.fit, strict=True):
            flow.add_arc_with_capacity_and_unit_cost(int(need), size + int(offer), 1, -int(fit))
        for need in range(size):
            flow.add_arc_with_capacity_and_unit_cost(need, sink, 1, 0)
            flow.set_node_supply(need, 1)
        for index, offer in enumerate(offers):
            flow.add_arc_with_capacity_and_unit_cost(size + index, sink, offer.places, 0)
        flow.set_node_supply(sink, -size)
        return flow.solve()

    return run


#: Name → ours, the bare peer, and what the peer is.
BENCHES: dict[str, tuple[Callable[[int], Job], Callable[[int], Job], str]] = {
    "classify": (classify, classify_peer, "scikit-learn: TF-IDF + LinearSVC"),
    "merge": (merging, merging_peer, "scikit-learn: agglomerative clustering"),
    "match": (matching, matching_peer, "OR-Tools: arc by arc, total fit only"),
}


def main(name: str, size: int, peer: bool) -> None:
    ours, bare, _ = BENCHES[name]
    job = (bare if peer else ours)(size)
    began = time.perf_counter()
    job()
    seconds = time.perf_counter() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": round(seconds, 4), "megabytes": megabytes}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), "--peer" in sys.argv)
