"""How the opinions are added, and where the model speaks up: decided on unseen texts."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize

from sanshe.engine.classify.chances import Choice, label_chances
from sanshe.engine.features import Floats, Ints

#: Starting weights: support vector machine, naive Bayes, meaning.
_START = (5.5, 2.0, 9.0)
#: How many rows it takes to move the weights far from there: few rows cannot tell.
_START_ROWS = 20.0
_CATEGORY_STEPS = (0.0, 0.25, 0.5)
#: Share of noise that must stay unlabelled, as far as that costs few real texts.
_NOISE_SILENT = 0.93
_REAL_SILENT = 0.10


def mix_weights(opinions: Sequence[Floats], truth: Ints, none: int | None) -> tuple[Floats, float]:
    """Weights ≥ 0 of the opinions and the bias of NONE with the best likelihood."""
    hot = np.arange(len(truth)), truth
    stack = np.stack(opinions)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        logits = np.tensordot(parameters[:-1].astype(np.float32), stack, axes=1)
        if none is not None:
            logits[:, none] += parameters[-1]
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        chances /= chances.sum(axis=1, keepdims=True)
        value = -np.log(chances[hot] + 1e-9).mean()
        chances[hot] -= 1
        slope = [float((chances * opinion).sum()) / len(truth) for opinion in opinions]
        slope.append(float(chances[:, none].sum()) / len(truth) if none is not None else 0.0)
        away = (parameters - start) / scale
        value += pull * float((away**2).sum())
        return float(value), np.array(slope) + 2 * pull * away / scale

    start = np.array([*_START[: len(opinions)], 0.0])
    scale = np.array([*_START[: len(opinions)], 1.0])
    pull = _START_ROWS / len(truth)
    bounds = [(0.0, 60.0)] * len(opinions) + [(-6.0, 6.0)]
    best = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    return best[:-1].astype(np.float32), float(best[-1])


def choose_labels(logits: Floats, truth: Ints, families: Ints, none: int | None) -> Choice:
    """Category lift, temperature and threshold, from the logits of unseen texts."""
    lift = 0.0
    if len(np.unique(families)) < len(np.unique(truth)):
        lift = max(_CATEGORY_STEPS, key=lambda c: _rightness(logits, truth, families, Choice(c)))
    heat = min(
        np.geomspace(0.5, 3.0, 25),
        key=lambda t: _surprise(logits, truth, families, Choice(lift, float(t))),
    )
    choice = Choice(category=lift, temperature=float(heat))
    chances = label_chances(logits, families, choice)
    return replace(choice, threshold=_threshold(chances, truth, none))


def _rightness(logits: Floats, truth: Ints, families: Ints, choice: Choice) -> float:
    top = label_chances(logits, families, choice).argmax(axis=1)
    return float((top == truth).mean() + (families[top] == families[truth]).mean())


def _surprise(logits: Floats, truth: Ints, families: Ints, choice: Choice) -> float:
    chances = label_chances(logits, families, choice)
    return float(-np.log(chances[np.arange(len(truth)), truth] + 1e-9).mean())


def _threshold(chances: Floats, truth: Ints, none: int | None) -> float:
    """The lowest confidence that keeps noise silent, within what real texts may lose."""
    top = chances.max(axis=1)
    if none is None or not (truth == none).any():
        return float(np.quantile(top, 0.02))
    silent = chances.argmax(axis=1) == none
    real, noise = truth != none, truth == none
    best = 0.0
    for threshold in np.arange(0.02, 0.6, 0.01):
        quiet = silent | (top < threshold)
        if quiet[real].mean() > _REAL_SILENT:
            break
        best = float(threshold)
        if quiet[noise].mean() >= _NOISE_SILENT:
            break
    return best
