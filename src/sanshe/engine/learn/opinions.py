"""Three linear opinions on which label a text has, and two on whether it tells of harm."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sanshe.engine.features import Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
else:
    csr_matrix = Any  # scipy and scikit-learn take a second to import: only where one learns

_SVM_COST = 1.0
_HARM_COST = 0.5
_NB_SMOOTHING = 0.3
#: Share of the identity in the covariance of the vectors: there are few rows per label.
_SHRINKAGE = 1.0


@dataclass(frozen=True)
class Table:
    """What there is to learn from, one row per text.

    grams: (n, terms). vectors: (n, 512) or empty. labels: index of each row's label. danger: 1,
    0, or -1 where nobody said. weights: what a row counts. label_count: how many labels exist.
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
    """score = x · weights + bias, from grams or from vectors."""

    weights: Floats
    bias: Floats

    def __call__(self, x: csr_matrix | Floats) -> Floats:
        return np.asarray(x @ self.weights + self.bias, dtype=np.float32)


@dataclass(frozen=True)
class Trained:
    """The trained opinions; those on meaning are None without vectors."""

    machine: Linear
    bayes: Linear
    meaning: Linear | None
    danger: Linear
    danger_meaning: Linear | None

    def opinions(self, table: Table, rows: Ints) -> Opinions:
        grams = table.grams[rows]
        labels = [self.machine(grams), self.bayes(grams)]
        danger = [self.danger(grams)[:, 0]]
        if self.meaning and self.danger_meaning:
            vectors = table.vectors[rows]
            labels.append(self.meaning(vectors))
            danger.append(self.danger_meaning(vectors)[:, 0])
        return Opinions(tuple(labels), tuple(danger))

    def folded(
        self, weights: Floats, bias: Floats, danger_weights: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """All opinions as one matrix on grams, one on vectors, and one bias; harm comes last."""
        grams = np.column_stack(
            [
                weights[0] * self.machine.weights + weights[1] * self.bayes.weights,
                danger_weights[0] * self.danger.weights,
            ]
        )
        label_bias = weights[0] * self.machine.bias + weights[1] * self.bayes.bias + bias
        danger_bias = danger_weights[0] * self.danger.bias + danger_weights[-1]
        vectors = np.zeros((0, 0), dtype=np.float32)
        if self.meaning and self.danger_meaning:
            vectors = np.column_stack(
                [weights[2] * self.meaning.weights, danger_weights[1] * self.danger_meaning.weights]
            )
            label_bias = label_bias + weights[2] * self.meaning.bias
            danger_bias = danger_bias + danger_weights[1] * self.danger_meaning.bias
        return grams, vectors, np.concatenate([label_bias, danger_bias]).astype(np.float32)


def train(table: Table, rows: Ints) -> Trained:
    """Train every opinion on some rows of the table."""
    grams, labels, weights = table.grams[rows], table.labels[rows], table.weights[rows]
    known = np.flatnonzero(table.danger[rows] >= 0)
    vectors = table.vectors[rows] if table.vectors.size else None
    harm = table.danger[rows][known]
    return Trained(
        machine=_machine(grams, labels, weights, table.label_count),
        bayes=_bayes(grams, labels, weights, table.label_count),
        meaning=None if vectors is None else _meaning(vectors, labels, weights, table.label_count),
        danger=_danger(grams[known], harm, weights[known]),
        danger_meaning=None if vectors is None else _danger(vectors[known], harm, weights[known]),
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


def _meaning(x: Floats, y: Ints, weights: Floats, count: int) -> Linear:
    """Linear discriminant analysis: labels as clouds of one shape around their means."""
    present, of = np.unique(y, return_inverse=True)
    members = np.zeros((len(present), len(x)), dtype=np.float64)
    members[of, np.arange(len(x))] = weights
    shares = members.sum(axis=1)
    means = (members @ x) / shares[:, None]
    rest = (x - means[of]) * np.sqrt(weights)[:, None]
    shape = rest.T @ rest / weights.sum()
    size = shape.shape[0]
    shape += _SHRINKAGE * np.trace(shape) / size * np.eye(size)
    directions = np.linalg.solve(shape, means.T)
    bias = -0.5 * (means.T * directions).sum(axis=0)
    centre = directions.mean(axis=1, keepdims=True)
    return _spread(directions - centre, bias - bias.mean(), present, count, absent=-10.0)


def _danger(x: csr_matrix | Floats, harm: Ints, weights: Floats) -> Linear:
    if len(np.unique(harm)) < 2:
        return Linear(np.zeros((x.shape[1], 1), dtype=np.float32), np.full(1, -1, dtype=np.float32))
    from sklearn.svm import LinearSVC

    fitted = LinearSVC(C=_HARM_COST, class_weight="balanced", random_state=0)
    fitted.fit(x, harm, sample_weight=weights)
    return Linear(fitted.coef_.T.astype(np.float32), fitted.intercept_.astype(np.float32))


def _spread(weights: Floats, bias: Floats, present: Ints, count: int, absent: float) -> Linear:
    """Columns for all labels, those not among the training rows at a low constant."""
    wide = np.zeros((weights.shape[0], count), dtype=np.float32)
    wide[:, present] = weights
    full = np.full(count, absent, dtype=np.float32)
    full[present] = bias
    return Linear(wide, full)
