"""How good the shipped classifier is: its own cross validation and the development set.

Run: .venv/bin/python benchmarks/classify_quality.py [--hands]
--hands adds the hardest question: sentences of a writer the model never read.
The development set is never learned from (tests/data/dev_statements.csv).
"""

import argparse
import csv
import time
from collections import defaultdict
from pathlib import Path

from sanshe.engine.classify import NONE, Model, Row, pack
from sanshe.engine.learn import learn
from sanshe.taxonomy.model import DATA, exemplars, tree

DEV = Path(__file__).parent.parent / "tests" / "data" / "dev_statements.csv"


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig") as file:
        return [Row(r["text"], r["label"], r["safety"] == "1") for r in csv.DictReader(file)]


def measure(model: Model, rows: list[Row]) -> dict[str, float]:
    """The contract's numbers on labelled rows; top-1 is the first alternative, also in silence."""
    verdicts = model.classify([row.text for row in rows])
    real = [(r, v) for r, v in zip(rows, verdicts, strict=True) if r.label != NONE]
    noise = [v for r, v in zip(rows, verdicts, strict=True) if r.label == NONE]
    firsts = [(r.label, [a for a, _ in v.alternatives[:3]]) for r, v in real]
    flagged = [r.safety for r, v in zip(rows, verdicts, strict=True) if v.safety]
    harmed = [v.safety for r, v in zip(rows, verdicts, strict=True) if r.safety]
    return {
        "rows": len(rows),
        "category": _mean(label[:3] == found[0][:3] for label, found in firsts),
        "top1": _mean(label == found[0] for label, found in firsts),
        "top3": _mean(label in found for label, found in firsts),
        "noise_silent": _mean(v.label is None for v in noise),
        "abstained": _mean(v.label is None for _, v in real),
        "safety_recall": _mean(harmed),
        "safety_precision": _mean(flagged),
        "ece": _calibration(rows, model),
    }


def _calibration(rows: list[Row], model: Model) -> float:
    """Expected calibration error of the confidences of labelled texts, ten bins."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    said = 0
    for row, verdict in zip(rows, model.classify([r.text for r in rows]), strict=True):
        if verdict.label:
            said += 1
            right = verdict.label == row.label
            bins[min(int(verdict.confidence * 10), 9)].append((verdict.confidence, right))
    return sum(
        abs(sum(c for c, _ in part) - sum(right for _, right in part)) for part in bins.values()
    ) / max(said, 1)


def _mean(values: object) -> float:
    listed = [float(v) for v in values]  # type: ignore[attr-defined]
    return sum(listed) / len(listed) if listed else float("nan")


def show(name: str, scores: dict[str, float]) -> None:
    print(
        f"{name:24s}" + " ".join(f"{key}={value:.3f}" for key, value in scores.items()), flush=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hands", action="store_true", help="also leave one writer out at a time")
    options = parser.parse_args()
    started = time.perf_counter()
    model = learn(exemplars(), tree=tree())
    print(f"trained in {time.perf_counter() - started:.1f} s, {len(pack(model)) / 1e6:.1f} MB")
    print(model.choice)
    show("cross validation", dict(model.scores))
    show("development set", measure(model, read(DEV)))
    if options.hands:
        hands = sorted((DATA / "exemplars").glob("hand*.csv"))
        for hand in hands:
            others = [row for path in hands if path != hand for row in read(path)]
            counts: dict[str, int] = defaultdict(int)
            for row in others:
                counts[row.label] += 1
            without = learn(others, tree=tree())
            show(
                f"without {hand.stem}",
                measure(without, [r for r in read(hand) if counts[r.label] >= 15]),
            )


if __name__ == "__main__":
    main()
