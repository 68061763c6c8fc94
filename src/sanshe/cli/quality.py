"""How good the engine is on statements and paraphrases it has never seen: `sanshe check quality`.

The files in `tests/data` were written by other hands than the training data and are never learned
from. A figure below its floor fails the check.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sanshe.cli.models import scorer
from sanshe.config import env
from sanshe.engine.classify import NONE, Model, Verdict
from sanshe.engine.merge import merge
from sanshe.engine.normalize import normalize
from sanshe.taxonomy.model import shipped_model

DATA = Path(__file__).resolve().parents[3] / "tests" / "data"


@dataclass(frozen=True)
class Figure:
    """One measured share (0..1) and the least it may be."""

    name: str
    value: float
    floor: float

    @property
    def holds(self) -> bool:
        return self.value >= self.floor


def classifying(model: Model, rows: Sequence[dict[str, str]]) -> list[Figure]:
    """Labels, safety and noise on rows of `label,safety,text`.

    The top label counts also where the model abstains: it is `alternatives[0]`. Noise (NONE)
    counts as left out where no label is given.
    """
    verdicts = model.classify([normalize(row["text"]).text for row in rows])
    said = [(r, v) for r, v in zip(rows, verdicts, strict=True) if r["label"] != NONE]
    noise = [v for r, v in zip(rows, verdicts, strict=True) if r["label"] == NONE]
    danger = [row["safety"] == "1" for row in rows]
    raised = [verdict.safety for verdict in verdicts]
    caught = sum(d and r for d, r in zip(danger, raised, strict=True))
    return [
        Figure("category", _share(_top(v)[:3] == r["label"][:3] for r, v in said), 0.85),
        Figure("leaf top-1", _share(_top(v) == r["label"] for r, v in said), 0.70),
        Figure("leaf top-3", _share(r["label"] in _codes(v)[:3] for r, v in said), 0.88),
        Figure("safety recall", caught / max(1, sum(danger)), 0.98),
        Figure("safety precision", caught / max(1, sum(raised)), 0.50),
        Figure("noise left out", _share(v.label in (None, NONE) for v in noise), 0.80),
    ]


def merging(rows: Sequence[dict[str, str]]) -> list[Figure]:
    """Pairwise F1 on rows of `place,label,group,text`, with and without the labels."""
    texts = [normalize(row["text"]).text for row in rows]
    places = [row["place"] for row in rows]
    wanted = [row["group"] for row in rows]
    labels = [row["label"] for row in rows]
    alone = merge(texts, places, [""] * len(rows), scorer())
    return [
        Figure("merge F1", pairwise_f1(merge(texts, places, labels, scorer()), wanted), 0.80),
        Figure("merge F1, no labels", pairwise_f1(alone, wanted), 0.80),
    ]


def pairwise_f1(found: Sequence[object], wanted: Sequence[object]) -> float:
    """F1 over pairs of texts: in one group where they should be. Cost: O(n)."""
    both = _pairs(zip(found, wanted, strict=True))
    if not both:
        return 0.0
    precision, recall = both / _pairs(found), both / _pairs(wanted)
    return 2 * precision * recall / (precision + recall)


def _pairs(groups: Iterable[object]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(groups).values())


def _codes(verdict: Verdict) -> list[str]:
    return [code for code, _ in verdict.alternatives if code != NONE]


def _top(verdict: Verdict) -> str:
    codes = _codes(verdict)
    return codes[0] if codes else (verdict.label or "")


def _share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else 0.0


def read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> int:
    figures = [
        *classifying(shipped_model(env.home()), read("dev_statements.csv")),
        *merging(read("dev_paraphrases.csv")),
    ]
    for figure in figures:
        mark = "" if figure.holds else "  ← below"
        print(f"{figure.name:<20} {figure.value:.3f}  (≥ {figure.floor:.2f}){mark}")
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
