"""Learning to hear harm: how much each voice of `classify.harm` counts, and when to speak up.

The voices are weighed on texts none of them had seen (cross validation), by logistic
regression; see docs/engine/learn.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from sanshe.engine.classify.harm import Harm, chance, log_odds, nearby
from sanshe.engine.classify.lessons import Row
from sanshe.engine.features import Floats, Ints, Vocabulary, likeness
from sanshe.engine.learn.opinions import points_among, ridge
from sanshe.engine.safety import certain, signs

_LONGEST_GRAM = 3
_MOST_GRAMS = 400_000
_COST = 0.5
#: A gram of a single text teaches nothing where there are many texts.
_MANY_ROWS = 1000
#: What the threshold is to find of the harm, as far as this share of the flags is right. The
#: exemplars hide harm deeper than people do in the field: more is found, and more is right, there.
_RECALL = 0.99
_PRECISION = 0.60


@dataclass(frozen=True)
class _Lessons:
    """Texts of which it is known whether they tell of harm; one row per text."""

    grams: csr_matrix
    vectors: Floats
    labels: Ints
    harm: Ints
    weights: Floats

    def part(self, rows: Ints) -> "_Lessons":
        return _Lessons(
            self.grams[rows],
            self.vectors[rows] if self.vectors.size else self.vectors,
            self.labels[rows],
            self.harm[rows],
            self.weights[rows],
        )


@dataclass(frozen=True)
class Unseen:
    """One way of hiding texts from what is asked about them.

    fold: (rows,), each text is asked of what was taught without its fold; -1: not asked at all.
    chances: (rows, labels), what is said of the labels that way.
    """

    fold: Ints
    chances: Floats


def learn_harm(
    rows: list[Row], vectors: Floats, points: Floats, labels: Ints, views: Sequence[Unseen]
) -> tuple[Harm, list[list[bool]]]:
    """The model of harm, and for each view whether each text would have been flagged, unseen.

    vectors: (rows, 512) or empty; points: those the label model compares with; labels: (rows,).
    The first view decides how much each voice counts. Rows whose safety nobody stated teach
    nothing, and of them only what is certain is told. Without any harm among the rest: untaught.
    """
    certainly = [certain(row.text) for row in rows]
    known = np.array([at for at, row in enumerate(rows) if row.safety is not None], dtype=np.int64)
    harm = np.array([int(bool(rows[at].safety)) for at in known], dtype=np.int64)
    if len(np.unique(harm)) < 2:
        return Harm.untaught(), [list(certainly) for _ in views]
    texts = [rows[at].text for at in known]
    vocabulary = Vocabulary.of(
        texts,
        at_least=2 if len(texts) > _MANY_ROWS else 1,
        at_most_terms=_MOST_GRAMS,
        longest=_LONGEST_GRAM,
    )
    found = vocabulary.rows(texts)
    lessons = _Lessons(
        csr_matrix(
            (found.values, found.columns, found.starts), shape=(len(texts), len(vocabulary.terms))
        ),
        vectors[known] if vectors.size else vectors,
        labels[known],
        harm,
        np.array([rows[at].weight for at in known], dtype=np.float32),
    )
    signs_ = signs(texts)
    voices = [
        np.column_stack([_unseen(lessons, view.fold[known], view.chances[known]), signs_])
        for view in views
    ]
    mix = LogisticRegression(C=1.0, max_iter=1000).fit(voices[0], harm, lessons.weights)
    odds = [
        np.asarray(said @ mix.coef_[0] + mix.intercept_[0], dtype=np.float32) for said in voices
    ]
    threshold = _threshold(chance(odds[0]), harm)
    gram_share, point_share, near_share, label_share, *sign_weights = mix.coef_[0].tolist()
    gram_weights, gram_bias = _by_grams(lessons)
    point_weights, point_bias = _by_points(lessons, points)
    likely = likeness(lessons.vectors, points) @ point_weights if len(point_weights) else 0.0
    model = Harm(
        vocabulary=vocabulary,
        gram_weights=(gram_share * gram_weights).astype(np.float32),
        point_weights=(point_share * point_weights).astype(np.float32),
        sign_weights=np.array(sign_weights, dtype=np.float32),
        label_rates=_rates(lessons, views[0].chances.shape[1]),
        label_weight=label_share,
        near_weight=near_share,
        expected=float(point_share * np.mean(likely)),
        near_expected=float(near_share * voices[0][:, 2].mean()),
        bias=float(mix.intercept_[0] + gram_share * gram_bias + point_share * point_bias),
        threshold=threshold,
    )
    return model, [_flagged(certainly, known, chance(own) >= threshold) for own in odds]


def _flagged(certainly: list[bool], known: Ints, raised: NDArray[np.bool_]) -> list[bool]:
    flags = list(certainly)
    for at, flagged in zip(known.tolist(), raised.tolist(), strict=True):
        flags[at] = flags[at] or flagged
    return flags


def _unseen(lessons: _Lessons, fold: Ints, chances: Floats) -> Floats:
    """What each voice says of each text when taught without its fold, shape (n, 4).

    Grams, points, neighbours, labels. Of fold -1 nothing.
    """
    said = np.zeros((len(fold), 4), dtype=np.float32)
    for number in np.unique(fold[fold >= 0]):
        inside = np.flatnonzero(fold == number)
        taught = lessons.part(np.flatnonzero(fold != number))
        if len(np.unique(taught.harm)) < 2:
            continue
        weights, bias = _by_grams(taught)
        said[inside, 0] = lessons.grams[inside] @ weights + bias
        if lessons.vectors.size:
            asked = lessons.vectors[inside]
            points = points_among(taught.vectors, taught.harm)
            weights, bias = _by_points(taught, points)
            said[inside, 1] = likeness(asked, points) @ weights + bias
            said[inside, 2] = nearby(asked, taught.vectors, taught.harm.astype(np.float32))
        said[inside, 3] = log_odds(chances[inside] @ _rates(taught, chances.shape[1]))
    return said


def _rates(lessons: _Lessons, count: int) -> Floats:
    """The share of harm among the texts of each label; where there are few, drawn to the mean."""
    mean = float(np.average(lessons.harm, weights=lessons.weights))
    harm = np.bincount(lessons.labels, lessons.weights * lessons.harm, count) + mean
    rates = harm / (np.bincount(lessons.labels, lessons.weights, count) + 1)
    return np.asarray(rates, dtype=np.float32)


def _by_grams(lessons: _Lessons) -> tuple[Floats, float]:
    fitted = LinearSVC(C=_COST, class_weight="balanced", random_state=0)
    fitted.fit(lessons.grams, lessons.harm, sample_weight=lessons.weights)
    return fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0])


def _by_points(lessons: _Lessons, points: Floats) -> tuple[Floats, float]:
    """Kernel ridge regression on ±1, the rarer side counted more; nothing without points."""
    if not lessons.vectors.size or not len(points):
        return np.zeros(0, dtype=np.float32), 0.0
    share = float(lessons.harm.mean())
    rare = np.where(lessons.harm == 1, np.sqrt(0.5 / share), np.sqrt(0.5 / (1 - share)))
    weights, bias = ridge(
        likeness(lessons.vectors, points),
        likeness(points, points).astype(np.float64),
        np.where(lessons.harm == 1, 1.0, -1.0).astype(np.float32)[:, None],
        (lessons.weights * rare).astype(np.float32),
    )
    return weights[:, 0].astype(np.float32), float(bias[0])


def _threshold(chances: Floats, harm: Ints) -> float:
    """The probability that finds `_RECALL` of the harm, raised while too few flags are right."""
    lowest = float(np.quantile(chances[harm == 1], 1 - _RECALL))
    for threshold in np.linspace(lowest, 0.9, 400):
        flagged = chances >= threshold
        if flagged.any() and harm[flagged].mean() >= _PRECISION:
            return float(threshold)
    return lowest
