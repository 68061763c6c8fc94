"""Labelled texts → a model that knows how good it is.

Two opinions on characters (a support vector machine, and complement naive Bayes, which holds up
where a label has few examples) and one on meaning (kernel regression on the encoder's vectors)
are trained; how they are added, and where the model abstains, is decided on texts each
of them had not seen (cross validation, repeated texts kept together). See docs/engine/learn.md.
"""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix

from sanshe.engine.classify.chances import family_numbers, label_chances
from sanshe.engine.classify.lessons import CORRECTION_WEIGHT, NONE, Leaf, Row
from sanshe.engine.classify.model import Model
from sanshe.engine.errors import EngineError
from sanshe.engine.features import Floats, Ints, Vocabulary, encode, likeness
from sanshe.engine.learn.harm import Unseen, learn_harm
from sanshe.engine.learn.mixing import choose_labels, mix_weights
from sanshe.engine.learn.opinions import Folded, Table, train
from sanshe.engine.learn.scoring import Answers, best_labels, score, shares

FOLDS = 5
#: What a keyword or a leaf's name counts, against 1 for a sentence.
KEYWORD_WEIGHT = 0.5
#: With more rows than this the characters alone are enough, and the encoder too slow.
ENCODER_ROWS = 20_000
_MOST_WEIGHTS = 40_000_000


def learn(
    rows: Sequence[Row],
    *,
    tree: Sequence[Leaf] | None = None,
    base: Model | None = None,
    seed: int = 0,
) -> Model:
    """Train a model on labelled texts; with `base`, its rows are learned again beside them.

    Args:
        rows: texts with their labels; NONE marks texts that hold no need.
        tree: what is known of the labels; adds parents and keyword examples.
        base: a model to start from; its rows stay, a correction weighs as much as three of them.
        seed: splits the texts for cross validation.

    Raises:
        EngineError: fewer than two labels, or not two of them with two texts.

    Cost: about 20 s for 9,000 rows and 90 labels on two cores, 8 s where `base` brings vectors.
    """
    taught, vectors = _all_rows(rows, base)
    real = len(taught)
    kept = real - len(rows) if base else real
    parents = dict(base.parents) if base else {}
    labels_seen = {row.label for row in taught}
    if len(labels_seen) < 2:
        raise EngineError("learning needs at least two different labels")
    lessons = list(taught)
    for leaf in tree or ():
        parents[leaf.code] = leaf.parent
        if leaf.code in labels_seen:
            for word in (leaf.name, *leaf.keywords):
                lessons.append(Row(word, leaf.code, None, KEYWORD_WEIGHT))
    labels = tuple(sorted(labels_seen))
    vocabulary = Vocabulary.of(
        (row.text for row in lessons), at_most_terms=_MOST_WEIGHTS // (len(labels) + 1)
    )
    table = _table(lessons, real, labels, vocabulary, vectors)
    fold = _folds(taught, kept, seed)
    opinions = _unseen_opinions(table, fold, real)
    if not opinions:
        raise EngineError("learning needs two labels with at least two texts each")
    truth = table.labels[:real]
    families = family_numbers(labels, parents)
    none = labels.index(NONE) if NONE in labels else None
    weights, none_bias = mix_weights(opinions, truth, none)
    bias = np.zeros(len(labels), dtype=np.float32)
    if none is not None:
        bias[none] = none_bias
    logits = _add(opinions, weights) + bias
    choice = choose_labels(logits, truth, families, none)
    scores = score(logits, truth, families, none, choice)
    final = train(table, np.arange(len(lessons)))
    folded = final.folded(weights, bias)
    halves = _halves(taught, kept)
    views = [Unseen(fold, label_chances(logits, families, choice))]
    best = [best_labels(logits, families, none, choice)]
    if base and rows:
        later = _add(_unseen_opinions(table, halves, real), weights) + bias
        views.append(Unseen(halves, label_chances(later, families, choice)))
        best.append(best_labels(later, families, none, choice))
    harm, flags = learn_harm(taught, table.vectors, folded.points, truth, views)
    answers = [
        Answers(tuple(labels[at] for at in own), tuple(raised))
        for own, raised in zip(best, flags, strict=True)
    ]
    scores |= shares(taught, answers[0], parents)
    if base and rows:
        scores |= _beside_base(taught, kept, answers[0], answers[1], parents, base)
    return Model(
        version=_version(lessons, seed),
        labels=labels,
        parents={label: parents[label] for label in labels if label in parents},
        vocabulary=vocabulary,
        char_weights=folded.grams,
        points=folded.points,
        point_weights=folded.point_weights,
        expected=_expected(table.vectors, folded),
        bias=folded.bias,
        choice=choice,
        scores={name: round(value, 4) for name, value in scores.items()},
        harm=harm,
        rows=tuple(taught),
        vectors=table.vectors,
    )


def _beside_base(
    taught: Sequence[Row],
    kept: int,
    settled: Answers,
    new: Answers,
    parents: Mapping[str, str],
    base: Model,
) -> dict[str, float]:
    """How the model and its base do on the same texts, each unseen by the one that is asked.

    base_…: the model on what the base was taught (the base's own scores are its side). new_…: the
    model on the new texts; was_…: the base on them.
    """
    rows = taught[kept:]
    said = base.classify([row.text for row in rows])
    before = Answers(
        tuple(verdict.alternatives[0][0] if verdict.alternatives else NONE for verdict in said),
        tuple(verdict.safety for verdict in said),
    )
    parts = {
        "base": shares(taught[:kept], settled.part(0, kept), parents),
        "new": shares(rows, new.part(kept, len(taught)), parents),
        "was": shares(rows, before, parents),
    }
    return {f"{name}_{key}": value for name, part in parts.items() for key, value in part.items()}


def _expected(vectors: Floats, folded: Folded) -> Floats:
    """What the points say of the average text."""
    if not len(folded.points):
        return np.zeros(0, dtype=np.float32)
    near = likeness(vectors, folded.points).mean(axis=0)
    return np.asarray(near @ folded.point_weights, dtype=np.float32)


def _all_rows(rows: Sequence[Row], base: Model | None) -> tuple[list[Row], Floats]:
    """The rows to learn from, and the vectors the base already has for the first of them."""
    if base is None:
        return list(rows), np.zeros((0, 0), dtype=np.float32)
    corrected = {row.text for row in rows}
    kept = [at for at, row in enumerate(base.rows) if row.text not in corrected]
    vectors = base.vectors[kept] if base.vectors.size else base.vectors
    corrections = [
        Row(row.text, row.label, row.safety, row.weight * CORRECTION_WEIGHT) for row in rows
    ]
    return [base.rows[at] for at in kept] + corrections, vectors


def _table(
    lessons: Sequence[Row],
    real: int,
    labels: Sequence[str],
    vocabulary: Vocabulary,
    known: Floats,
) -> Table:
    number = {label: at for at, label in enumerate(labels)}
    texts = [row.text for row in lessons]
    grams = vocabulary.rows(texts)
    vectors = np.zeros((0, 0), dtype=np.float32)
    if real <= ENCODER_ROWS:
        fresh = encode(texts[len(known) : real])
        vectors = np.vstack([known, fresh]) if known.size else fresh
    return Table(
        grams=csr_matrix(
            (grams.values, grams.columns, grams.starts), shape=(len(texts), len(vocabulary.terms))
        ),
        vectors=vectors,
        labels=np.array([number[row.label] for row in lessons], dtype=np.int64),
        harm=np.array(
            [-1 if row.safety is None else int(row.safety) for row in lessons], dtype=np.int64
        ),
        weights=np.array([row.weight for row in lessons], dtype=np.float32),
        label_count=len(labels),
    )


def _folds(rows: Sequence[Row], kept: int, seed: int) -> Ints:
    """A fold per row: labels spread evenly, the same text always in the same fold.

    The first `kept` rows come first, so that they lie in the folds their base was scored with.
    """
    fold = np.zeros(len(rows), dtype=np.int64)
    place: dict[str, int] = {}
    of_label: dict[str, int] = {}
    ranked = sorted(
        range(len(rows)), key=lambda at: (at >= kept, _digest(f"{seed}|{rows[at].text}"))
    )
    for at in ranked:
        row = rows[at]
        if row.text not in place:
            turn = of_label.get(row.label, int(_digest(row.label)[:4], 16))
            of_label[row.label] = turn + 1
            place[row.text] = turn % FOLDS
        fold[at] = place[row.text]
    return fold


def _halves(rows: Sequence[Row], kept: int) -> Ints:
    """Two folds of the rows after the first `kept`, which lie in none (-1).

    The base has learned from all of its rows; a model that is compared with it may do so too, and
    misses half of the new ones.
    """
    fold = np.full(len(rows), -1, dtype=np.int64)
    fold[kept:] = [int(_digest(row.text)[:4], 16) % 2 for row in rows[kept:]]
    return fold


def _unseen_opinions(table: Table, fold: Ints, real: int) -> list[Floats]:
    """What the opinions say of each real row when trained without its fold; of fold -1 nothing."""
    extra = np.arange(real, len(table.labels))
    opinions: list[Floats] = []
    for number in range(int(fold.max()) + 1):
        inside = np.flatnonzero(fold == number)
        outside = np.flatnonzero(fold != number)
        if not len(inside) or len(np.unique(table.labels[outside])) < 2:
            continue
        said = train(table, np.concatenate([outside, extra])).opinions(table, inside)
        if not opinions:
            opinions = [np.zeros((real, table.label_count), dtype=np.float32) for _ in said]
        for whole, part in zip(opinions, said, strict=True):
            whole[inside] = part
    return opinions


def _add(opinions: Sequence[Floats], weights: Floats) -> Floats:
    total = np.zeros_like(opinions[0])
    for opinion, weight in zip(opinions, weights, strict=True):
        total += weight * opinion
    return total


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _version(rows: Sequence[Row], seed: int) -> str:
    lines = "\n".join(f"{r.label}\t{r.safety}\t{r.weight}\t{r.text}" for r in rows)
    return f"{_digest(lines)[:12]}-{seed}"
