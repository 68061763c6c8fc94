"""Learning to hear harm: how much each voice of `classify.harm` counts, and when to speak up.

The voices are weighed on texts none of them had seen (cross validation), by logistic
regression; see docs/engine/learn.md.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from sanshe.engine.classify.harm import Harm, chance
from sanshe.engine.classify.lessons import Row
from sanshe.engine.features import Floats, Ints, Vocabulary, likeness
from sanshe.engine.learn.opinions import points_among, ridge
from sanshe.engine.safety import signs

_LONGEST_GRAM = 3
_MOST_GRAMS = 400_000
_COST = 0.5
#: A gram of a single text teaches nothing where there are many texts.
_MANY_ROWS = 1000
#: What the threshold is to find of the harm, as far as this share of the flags is right. The
#: exemplars hide harm deeper than people do in the field: more is found, and more is right, there.
_RECALL = 0.99
_PRECISION = 0.55


@dataclass(frozen=True)
class _Lessons:
    """Texts of which it is known whether they tell of harm; one row per text."""

    grams: csr_matrix
    vectors: Floats
    harm: Ints
    weights: Floats


def learn_harm(
    rows: list[Row], vectors: Floats, points: Floats, fold: Ints
) -> tuple[Harm, dict[str, float]]:
    """The model of harm, and its recall and precision on texts it had not seen.

    vectors: (rows, 512) or empty; points: those the label model compares with; fold: (rows,).
    Rows whose safety nobody stated teach nothing. Without any harm among the rest: untaught.
    """
    known = np.array([at for at, row in enumerate(rows) if row.safety is not None], dtype=np.int64)
    harm = np.array([int(bool(rows[at].safety)) for at in known], dtype=np.int64)
    if len(np.unique(harm)) < 2:
        return Harm.untaught(), {}
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
        harm,
        np.array([rows[at].weight for at in known], dtype=np.float32),
    )
    said = signs(texts)
    voices = np.column_stack([_unseen(lessons, fold[known]), said])
    mix = LogisticRegression(C=1.0, max_iter=1000).fit(voices, harm, lessons.weights)
    gram_share, point_share, *sign_weights = mix.coef_[0]
    odds = np.asarray(voices @ mix.coef_[0] + mix.intercept_[0], dtype=np.float32)
    threshold = _threshold(chance(odds), harm)
    gram_weights, gram_bias = _by_grams(lessons)
    point_weights, point_bias = _by_points(lessons, points)
    likely = likeness(lessons.vectors, points) @ point_weights if len(point_weights) else 0.0
    model = Harm(
        vocabulary=vocabulary,
        gram_weights=(gram_share * gram_weights).astype(np.float32),
        point_weights=(point_share * point_weights).astype(np.float32),
        sign_weights=np.array(sign_weights, dtype=np.float32),
        expected=float(point_share * np.mean(likely)),
        bias=float(mix.intercept_[0] + gram_share * gram_bias + point_share * point_bias),
        threshold=threshold,
    )
    flagged = chance(odds) >= threshold
    return model, {
        "safety_recall": float(flagged[harm == 1].mean()),
        "safety_precision": float(harm[flagged].mean()) if flagged.any() else 0.0,
    }


def _unseen(lessons: _Lessons, fold: Ints) -> Floats:
    """What grams and points say of each text when taught without its fold, shape (n, 2)."""
    said = np.zeros((len(fold), 2), dtype=np.float32)
    for number in np.unique(fold):
        inside, outside = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        taught = _Lessons(
            lessons.grams[outside],
            lessons.vectors[outside] if lessons.vectors.size else lessons.vectors,
            lessons.harm[outside],
            lessons.weights[outside],
        )
        if len(np.unique(taught.harm)) < 2:
            continue
        weights, bias = _by_grams(taught)
        said[inside, 0] = lessons.grams[inside] @ weights + bias
        if lessons.vectors.size:
            points = points_among(taught.vectors, taught.harm)
            weights, bias = _by_points(taught, points)
            said[inside, 1] = likeness(lessons.vectors[inside], points) @ weights + bias
    return said


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
