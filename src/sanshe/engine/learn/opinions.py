"""Three linear opinions on which label a text has."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from sanshe.engine.features import Floats, Ints, likeness

_SVM_COST = 1.0
_NB_SMOOTHING = 0.3
#: Sentences new ones are compared with; those that tell of harm come first, up to this share.
_POINTS = 1500
_HARM_SHARE = 0.5
_RIDGE = 0.3


@dataclass(frozen=True)
class Table:
    """What there is to learn from, one row per text.

    grams: (n, terms). vectors: (real, 512) or empty; the rows after them are keywords. labels:
    index of each row's label. harm: 1, 0, or -1 where nobody said. weights: what a row counts.
    label_count: how many labels exist.
    """

    grams: csr_matrix
    vectors: Floats
    labels: Ints
    harm: Ints
    weights: Floats
    label_count: int


@dataclass(frozen=True)
class Linear:
    """score = grams · weights + bias."""

    weights: Floats
    bias: Floats

    def __call__(self, x: csr_matrix) -> Floats:
        return np.asarray(x @ self.weights + self.bias, dtype=np.float32)


@dataclass(frozen=True)
class Near:
    """score = likeness(x, points) · weights + bias."""

    points: Floats
    weights: Floats
    bias: Floats

    def __call__(self, vectors: Floats) -> Floats:
        return np.asarray(likeness(vectors, self.points) @ self.weights + self.bias, np.float32)


@dataclass(frozen=True)
class Folded:
    """All opinions as one: weights on grams, on likeness to points, and one bias."""

    grams: Floats
    points: Floats
    point_weights: Floats
    bias: Floats


@dataclass(frozen=True)
class Trained:
    """The trained opinions; `meaning` is None without vectors."""

    machine: Linear
    bayes: Linear
    meaning: Near | None

    def opinions(self, table: Table, rows: Ints) -> list[Floats]:
        """What each opinion says of some rows, shape (rows, labels) each."""
        grams = table.grams[rows]
        said = [self.machine(grams), self.bayes(grams)]
        if self.meaning:
            said.append(self.meaning(table.vectors[rows]))
        return said

    def folded(self, weights: Floats, bias: Floats) -> Folded:
        """The opinions added with these weights."""
        grams = weights[0] * self.machine.weights + weights[1] * self.bayes.weights
        total = weights[0] * self.machine.bias + weights[1] * self.bayes.bias + bias
        points = point_weights = np.zeros((0, 0), dtype=np.float32)
        if self.meaning:
            points = self.meaning.points
            point_weights = (self.meaning.weights * weights[2]).astype(np.float32)
            total = total + self.meaning.bias * weights[2]
        return Folded(grams.astype(np.float32), points, point_weights, total.astype(np.float32))


def train(table: Table, rows: Ints) -> Trained:
    """Train every opinion on some rows of the table."""
    grams, labels, weights = table.grams[rows], table.labels[rows], table.weights[rows]
    return Trained(
        machine=_machine(grams, labels, weights, table.label_count),
        bayes=_bayes(grams, labels, weights, table.label_count),
        meaning=_meaning(table, rows[rows < len(table.vectors)]) if table.vectors.size else None,
    )


def _machine(x: csr_matrix, y: Ints, weights: Floats, count: int) -> Linear:
    present = np.unique(y)
    fitted = LinearSVC(C=_SVM_COST, random_state=0).fit(x, y, sample_weight=weights)
    coefficients, bias = fitted.coef_, fitted.intercept_
    if len(present) == 2:  # one column stands for both
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.array([-bias[0], bias[0]])
    return _spread(coefficients.T, bias, present, count, absent=-1.0)


def _bayes(x: csr_matrix, y: Ints, weights: Floats, count: int) -> Linear:
    present = np.unique(y)
    fitted = ComplementNB(alpha=_NB_SMOOTHING).fit(x, y, sample_weight=weights)
    table = fitted.feature_log_prob_.T
    table = table - table.mean(axis=1, keepdims=True)  # the same for every label: no news
    return _spread(table, np.zeros(len(present)), present, count, absent=-1.0)


def _meaning(table: Table, rows: Ints) -> Near:
    """Kernel ridge regression on likeness to some of the rows (Nyström's approximation)."""
    vectors = table.vectors[rows]
    points = points_among(vectors, table.harm[rows])
    near = likeness(vectors, points)
    among = likeness(points, points).astype(np.float64)
    hot = np.zeros((len(rows), table.label_count), dtype=np.float32)
    hot[np.arange(len(rows)), table.labels[rows]] = 1
    shares = hot.sum(axis=0)
    even = np.sqrt(len(rows) / np.maximum(shares, 1) / max(np.count_nonzero(shares), 1))
    weight = table.weights[rows] * even[table.labels[rows]]
    weights, bias = ridge(near, among, hot, weight)
    return Near(points, weights.astype(np.float32), bias.astype(np.float32))


def points_among(vectors: Floats, harm: Ints) -> Floats:
    """The sentences new ones are compared with: an even draw, in which harm is not lost."""
    draw = np.random.default_rng(0)
    harmed = draw.permutation(np.flatnonzero(harm == 1))[: int(_POINTS * _HARM_SHARE)]
    others = draw.permutation(np.setdiff1d(np.arange(len(harm)), harmed))
    chosen = np.sort(np.concatenate([harmed, others[: _POINTS - len(harmed)]]))
    points: Floats = vectors[chosen].astype(np.float16).astype(np.float32)
    return points


def ridge(
    near: Floats, among: NDArray[np.float64], target: Floats, weight: Floats
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights on the points, and the mean: min Σ w·(target - mean - near·a)² + ridge·aᵀ·among·a."""
    weight = weight.astype(np.float32)[:, None]
    mean = (target * weight).sum(axis=0) / weight.sum()
    weighted = near * weight
    left = (near.T @ weighted).astype(np.float64) + _RIDGE * among + 1e-5 * np.eye(len(among))
    right = (weighted.T @ (target - mean)).astype(np.float64)
    return np.linalg.solve(left, right), mean.astype(np.float64)


def _spread(
    weights: NDArray[Any], bias: NDArray[Any], present: Ints, count: int, absent: float
) -> Linear:
    """Columns for all labels, those not among the training rows at a low constant."""
    wide = np.zeros((weights.shape[0], count), dtype=np.float32)
    wide[:, present] = weights
    full = np.full(count, absent, dtype=np.float32)
    full[present] = bias
    return Linear(wide, full)
