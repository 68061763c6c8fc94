"""What a model knows of its own quality: measured on texts it had not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sanshe.engine.classify.chances import Choice, label_chances
from sanshe.engine.classify.lessons import NONE, Row
from sanshe.engine.features import Floats, Ints


@dataclass(frozen=True)
class Answers:
    """What a model said of texts it had not seen: the best label besides NONE, and the flag."""

    labels: tuple[str, ...]
    flags: tuple[bool, ...]

    def part(self, start: int, stop: int) -> "Answers":
        return Answers(self.labels[start:stop], self.flags[start:stop])


def shares(rows: Sequence[Row], answers: Answers, parents: Mapping[str, str]) -> dict[str, float]:
    """How often the answers are right, 0..1, each beside the number of texts it is a share of.

    top1, category: of `needs` texts that hold a need. safety_recall: of `harm` texts that tell of
    harm. safety_precision: of `flags` raised. A share of nothing is left out.
    """
    right = [row.label == said for row, said in zip(rows, answers.labels, strict=True)]
    near = [
        parents.get(row.label, row.label) == parents.get(said, said)
        for row, said in zip(rows, answers.labels, strict=True)
    ]
    needs = [at for at, row in enumerate(rows) if row.label != NONE]
    harm = [at for at, row in enumerate(rows) if row.safety]
    raised = [at for at, row in enumerate(rows) if answers.flags[at] and row.safety is not None]
    found: dict[str, float] = {
        "needs": len(needs),
        "harm": len(harm),
        "flags": len(raised),
    }
    if needs:
        found["top1"] = sum(right[at] for at in needs) / len(needs)
        found["category"] = sum(near[at] for at in needs) / len(needs)
    if harm:
        found["safety_recall"] = sum(answers.flags[at] for at in harm) / len(harm)
    if raised:
        found["safety_precision"] = sum(bool(rows[at].safety) for at in raised) / len(raised)
    return found


def best_labels(logits: Floats, families: Ints, none: int | None, choice: Choice) -> list[int]:
    """Per text the number of the most likely label besides NONE, also where the model abstains."""
    chances = label_chances(logits, families, choice)
    if none is not None:
        chances[:, none] = -1
    best: list[int] = chances.argmax(axis=1).tolist()
    return best


def score(
    logits: Floats,
    truth: Ints,
    families: Ints,
    none: int | None,
    choice: Choice,
) -> dict[str, float]:
    """Shares 0..1 by cross validation; see docs/engine/learn.md for each.

    top3 counts texts that hold a need, by the best labels besides NONE, also where the model
    abstains; top1 and category are `shares`. noise_silent: share of NONE texts left unlabelled.
    abstained: share of real texts left unlabelled. right_when_sure: top-1 among the labelled.
    ece: how far confidence is from the share that is right, on average.
    """
    chances = label_chances(logits, families, choice)
    needs = chances.copy()
    if none is not None:
        needs[:, none] = -1
    order = np.argsort(-needs, axis=1)[:, :3]
    real = truth != none if none is not None else np.ones(len(truth), dtype=bool)
    sure = needs.max(axis=1) >= choice.threshold
    if none is not None:
        sure &= chances.argmax(axis=1) != none
    right = order[:, 0] == truth
    scores = {
        "rows": float(len(truth)),
        "top3": float((order == truth[:, None]).any(axis=1)[real].mean()),
        "abstained": float(1 - sure[real].mean()),
        "right_when_sure": float(right[sure].mean()) if sure.any() else 0.0,
        "ece": _calibration_error(chances.max(axis=1), chances.argmax(axis=1) == truth),
    }
    if none is not None and (~real).any():
        scores["noise_silent"] = float(1 - sure[~real].mean())
    return scores


def _calibration_error(
    confidence: Floats, right: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
) -> float:
    bins = np.minimum((confidence * 10).astype(int), 9)
    error = 0.0
    for number in np.unique(bins):
        inside = bins == number
        error += inside.mean() * abs(float(confidence[inside].mean()) - float(right[inside].mean()))
    return error
