"""How good the engine is on statements and paraphrases it has never seen: `sanshe check quality`.

The files in `tests/data` were written by other hands than the training data and are never learned
from. A figure below its goal, or below the floor of a goal not reached yet, fails the check.
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
    """One measured share (0..1), what it should be, and the least it may be.

    A goal that is not reached yet has a lower `floor`, so that nothing falls back meanwhile.
    """

    name: str
    value: float
    goal: float
    floor: float | None = None

    @property
    def holds(self) -> bool:
        return self.value >= (self.goal if self.floor is None else self.floor)

    @property
    def remark(self) -> str:
        if not self.holds:
            return "  ← below its floor"
        return "  (goal not reached)" if self.value < self.goal else ""


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


def merging(model: Model, rows: Sequence[dict[str, str]]) -> list[Figure]:
    """Pairwise F1 on rows of `place,label,group,text`: with the labels, with the classifier's."""
    texts = [normalize(row["text"]).text for row in rows]
    places = [row["place"] for row in rows]
    wanted = [row["group"] for row in rows]
    given = [{row["label"]: 1.0} for row in rows]
    guessed = [verdict.belief for verdict in model.classify(texts)]
    labelled = pairwise_f1(merge(texts, places, given, scorer()), wanted)
    alone = pairwise_f1(merge(texts, places, guessed, scorer()), wanted)
    return [
        Figure("merge F1", labelled, goal=0.80),
        Figure("merge F1, no labels", alone, goal=0.80, floor=0.78),
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
    model = shipped_model(env.home())
    figures = [
        *classifying(model, read("dev_statements.csv")),
        *merging(model, read("dev_paraphrases.csv")),
    ]
    for figure in figures:
        print(f"{figure.name:<20} {figure.value:.3f}  (goal {figure.goal:.2f}){figure.remark}")
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
