"""Three linear opinions on which label a text has, and two on whether it tells of harm."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sanshe.engine.features import Floats, Ints, likeness

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
else:
    csr_matrix = Any  # scipy and scikit-learn take a second to import: only where one learns

_SVM_COST = 1.0
_HARM_COST = 0.5
_NB_SMOOTHING = 0.3
#: Sentences new ones are compared with; those that tell of harm come first, up to this share.
_POINTS = 1500
_HARM_SHARE = 0.5
_RIDGE = 0.3


@dataclass(frozen=True)
class Table:
    """What there is to learn from, one row per text.

    grams: (n, terms). vectors: (real, 512) or empty; the rows after them are keywords. labels:
    index of each row's label. danger: 1, 0, or -1 where nobody said. weights: what a row counts.
    label_count: how many labels exist.
    """

    grams: csr_matrix
    vectors: Floats
    labels: Ints
    danger: Ints
    weights: Floats
    label_count: int


@dataclass(frozen=True)
class Opinions:
    """What each opinion says: per label (n, labels) each, on harm (n,) each."""

    labels: tuple[Floats, ...]
    danger: tuple[Floats, ...]


@dataclass(frozen=True)
class Linear:
    """score = grams · weights + bias."""

    weights: Floats
    bias: Floats

    def __call__(self, x: csr_matrix) -> Floats:
        return np.asarray(x @ self.weights + self.bias, dtype=np.float32)


@dataclass(frozen=True)
class Near:
    """score = likeness(x, points) · weights + bias; the last column is harm."""

    points: Floats
    weights: Floats
    bias: Floats

    def __call__(self, vectors: Floats) -> Floats:
        return np.asarray(likeness(vectors, self.points) @ self.weights + self.bias, np.float32)


@dataclass(frozen=True)
class Folded:
    """All opinions as one: weights on grams, on likeness to points, and one bias; harm last."""

    grams: Floats
    points: Floats
    point_weights: Floats
    bias: Floats


@dataclass(frozen=True)
class Trained:
    """The trained opinions; `meaning` is None without vectors."""

    machine: Linear
    bayes: Linear
    danger: Linear
    meaning: Near | None

    def opinions(self, table: Table, rows: Ints) -> Opinions:
        grams = table.grams[rows]
        labels = [self.machine(grams), self.bayes(grams)]
        danger = [self.danger(grams)[:, 0]]
        if self.meaning:
            said = self.meaning(table.vectors[rows])
            labels.append(said[:, :-1])
            danger.append(said[:, -1])
        return Opinions(tuple(labels), tuple(danger))

    def folded(self, weights: Floats, bias: Floats, danger_weights: Floats) -> Folded:
        """The opinions added with these weights; the last of `danger_weights` is a bias."""
        grams = np.column_stack(
            [
                weights[0] * self.machine.weights + weights[1] * self.bayes.weights,
                danger_weights[0] * self.danger.weights,
            ]
        )
        label_bias = weights[0] * self.machine.bias + weights[1] * self.bayes.bias + bias
        danger_bias = danger_weights[0] * self.danger.bias + danger_weights[-1]
        total = np.concatenate([label_bias, danger_bias])
        points = point_weights = np.zeros((0, 0), dtype=np.float32)
        if self.meaning:
            scale = np.append(np.full(len(label_bias), weights[2]), danger_weights[1])
            points = self.meaning.points
            point_weights = (self.meaning.weights * scale).astype(np.float32)
            total = total + self.meaning.bias * scale
        return Folded(grams.astype(np.float32), points, point_weights, total.astype(np.float32))


def train(table: Table, rows: Ints) -> Trained:
    """Train every opinion on some rows of the table."""
    grams, labels, weights = table.grams[rows], table.labels[rows], table.weights[rows]
    known = np.flatnonzero(table.danger[rows] >= 0)
    return Trained(
        machine=_machine(grams, labels, weights, table.label_count),
        bayes=_bayes(grams, labels, weights, table.label_count),
        danger=_danger(grams[known], table.danger[rows][known], weights[known]),
        meaning=_meaning(table, rows[rows < len(table.vectors)]) if table.vectors.size else None,
    )


def _machine(x: csr_matrix, y: Ints, weights: Floats, count: int) -> Linear:
    from sklearn.svm import LinearSVC

    present = np.unique(y)
    fitted = LinearSVC(C=_SVM_COST, random_state=0).fit(x, y, sample_weight=weights)
    coefficients, bias = fitted.coef_, fitted.intercept_
    if len(present) == 2:  # one column stands for both
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.array([-bias[0], bias[0]])
    return _spread(coefficients.T, bias, present, count, absent=-1.0)


def _bayes(x: csr_matrix, y: Ints, weights: Floats, count: int) -> Linear:
    from sklearn.naive_bayes import ComplementNB

    present = np.unique(y)
    fitted = ComplementNB(alpha=_NB_SMOOTHING).fit(x, y, sample_weight=weights)
    table = fitted.feature_log_prob_.T
    table = table - table.mean(axis=1, keepdims=True)  # the same for every label: no news
    return _spread(table, np.zeros(len(present)), present, count, absent=-1.0)


def _meaning(table: Table, rows: Ints) -> Near:
    """Kernel ridge regression on likeness to some of the rows (Nyström's approximation)."""
    vectors, harm = table.vectors[rows], table.danger[rows]
    points = vectors[_chosen(harm)].astype(np.float16).astype(np.float32)
    near = likeness(vectors, points)
    among = likeness(points, points).astype(np.float64)
    hot = np.zeros((len(rows), table.label_count), dtype=np.float32)
    hot[np.arange(len(rows)), table.labels[rows]] = 1
    shares = hot.sum(axis=0)
    even = np.sqrt(len(rows) / np.maximum(shares, 1) / max(np.count_nonzero(shares), 1))
    weight = table.weights[rows] * even[table.labels[rows]]
    label_weights, label_bias = _ridge(near, among, hot, weight)
    harm_weights, harm_bias = np.zeros((len(points), 1)), np.zeros(1)
    known = np.flatnonzero(harm >= 0)
    if len(np.unique(harm[known])) == 2:
        sides = np.where(harm[known] == 1, 1.0, -1.0).astype(np.float32)[:, None]
        share = float((sides > 0).mean())
        rare = np.where(sides[:, 0] > 0, np.sqrt(0.5 / share), np.sqrt(0.5 / (1 - share)))
        harm_weights, harm_bias = _ridge(
            near[known], among, sides, table.weights[rows][known] * rare
        )
    return Near(
        points,
        np.column_stack([label_weights, harm_weights]).astype(np.float32),
        np.concatenate([label_bias, harm_bias]).astype(np.float32),
    )


def _chosen(harm: Ints) -> Ints:
    """Which rows become points: an even draw, in which harm is not lost."""
    draw = np.random.default_rng(0)
    harmed = draw.permutation(np.flatnonzero(harm == 1))[: int(_POINTS * _HARM_SHARE)]
    others = draw.permutation(np.setdiff1d(np.arange(len(harm)), harmed))
    return np.sort(np.concatenate([harmed, others[: _POINTS - len(harmed)]]))


def _ridge(
    near: Floats, among: NDArray[np.float64], target: Floats, weight: Floats
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights on the points, and the mean: min Σ w·(target - mean - near·a)² + ridge·aᵀ·among·a."""
    weight = weight.astype(np.float32)[:, None]
    mean = (target * weight).sum(axis=0) / weight.sum()
    weighted = near * weight
    left = (near.T @ weighted).astype(np.float64) + _RIDGE * among + 1e-5 * np.eye(len(among))
    right = (weighted.T @ (target - mean)).astype(np.float64)
    return np.linalg.solve(left, right), mean.astype(np.float64)


def _danger(x: csr_matrix, harm: Ints, weights: Floats) -> Linear:
    if len(np.unique(harm)) < 2:
        return Linear(np.zeros((x.shape[1], 1), dtype=np.float32), np.full(1, -1, dtype=np.float32))
    from sklearn.svm import LinearSVC

    fitted = LinearSVC(C=_HARM_COST, class_weight="balanced", random_state=0)
    fitted.fit(x, harm, sample_weight=weights)
    return Linear(fitted.coef_.T.astype(np.float32), fitted.intercept_.astype(np.float32))


def _spread(
    weights: NDArray[Any], bias: NDArray[Any], present: Ints, count: int, absent: float
) -> Linear:
    """Columns for all labels, those not among the training rows at a low constant."""
    wide = np.zeros((weights.shape[0], count), dtype=np.float32)
    wide[:, present] = weights
    full = np.full(count, absent, dtype=np.float32)
    full[present] = bias
    return Linear(wide, full)
