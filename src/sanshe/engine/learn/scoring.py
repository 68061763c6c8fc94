"""What a model knows of its own quality: measured on texts it had not seen."""

import numpy as np

from sanshe.engine.classify.chances import Choice, label_chances
from sanshe.engine.features import Floats, Ints


def score(
    logits: Floats,
    truth: Ints,
    families: Ints,
    none: int | None,
    choice: Choice,
) -> dict[str, float]:
    """Shares 0..1 by cross validation; see docs/engine/learn.md for each.

    top1, top3, category count texts that hold a need, by the best label besides NONE, also where
    the model abstains. noise_silent: share of NONE texts left unlabelled. abstained: share of
    real texts left unlabelled. right_when_sure: top-1 among the labelled. ece: how far
    confidence is from the share that is right, on average.
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
        "top1": float(right[real].mean()),
        "top3": float((order == truth[:, None]).any(axis=1)[real].mean()),
        "category": float((families[order[:, 0]] == families[truth])[real].mean()),
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
