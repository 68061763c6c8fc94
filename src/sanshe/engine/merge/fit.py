"""Learning what makes two sentences one matter. Runs once, at set-up (about half a minute).

Two kinds of lessons: sentences sorted by concrete matter inside each leaf, and paraphrase groups
arranged so that several groups share place and leaf. The threshold is chosen on sentences of
writers whom the space had not read.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD

from sanshe.engine.errors import EngineError
from sanshe.engine.features import Floats, Ints, Vocabulary, encode
from sanshe.engine.merge.clusters import link
from sanshe.engine.merge.lessons import Lesson
from sanshe.engine.merge.scorer import Scorer, View, unit

#: Dense sizes: of the characters, and of the discriminating space.
LETTERS, MATTERS = 256, 60
#: Shrinks the scatter inside matters towards a ball: there are few sentences for each.
SHRINK = 0.2
_THRESHOLDS = np.arange(0.05, 0.60, 0.02)


def fit_scorer(lessons: Sequence[Lesson], *, seed: int = 0) -> Scorer:
    """Learn a scorer.

    Raises:
        EngineError: fewer than two writers or two matters.
    Cost: about 30 s for 8,600 sentences on two cores, most of it the encoder and five folds.
    """
    writers = sorted({lesson.writer for lesson in lessons})
    if len(set(writers)) < 2 or len({lesson.matter for lesson in lessons}) < 2:
        raise EngineError("merging is learned from at least two writers and two matters")
    texts = [lesson.text for lesson in lessons]
    vocabulary = Vocabulary.of(texts, at_least=2, at_most_terms=60_000)
    characters = _letters(vocabulary, texts, seed)
    letters = unit(vocabulary.rows(texts).times(characters))
    vectors = encode(texts)
    centre = vectors.mean(axis=0)
    meaning = unit(vectors - centre)
    facts = _Facts(
        _numbers([lesson.matter for lesson in lessons]),
        _numbers([lesson.label for lesson in lessons]),
        _numbers([lesson.writer for lesson in lessons]),
        _blocks(lessons),
    )
    encoded = _view(np.hstack([letters, meaning]), facts)
    spelled = _view(letters, facts)
    content = "\n".join(f"{x.text}\t{x.matter}" for x in lessons).encode()
    version = hashlib.sha256(content + str(seed).encode()).hexdigest()[:12]
    return Scorer(vocabulary, characters, centre, encoded, spelled, version)


def _letters(vocabulary: Vocabulary, texts: Sequence[str], seed: int) -> Floats:
    rows = vocabulary.rows(texts)
    sparse = csr_matrix(
        (rows.values, rows.columns, rows.starts), shape=(len(texts), len(vocabulary.terms))
    )
    size = min(LETTERS, min(sparse.shape) - 1)
    svd = TruncatedSVD(size, random_state=seed).fit(sparse)
    result: Floats = svd.components_.T.astype(np.float32)
    return result


@dataclass(frozen=True)
class _Facts:
    """Matter, leaf and writer of each lesson as numbers; what is compared with what."""

    matter: Ints
    leaf: Ints
    writer: Ints
    blocks: list[Ints]


def _numbers(names: Sequence[str]) -> Ints:
    result: Ints = np.unique(np.array(names), return_inverse=True)[1].astype(np.int64)
    return result


def _blocks(lessons: Sequence[Lesson]) -> list[Ints]:
    """Paraphrase groups of one writer at one place and leaf; without any, the sorted sentences."""
    found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    placed = any(lesson.place for lesson in lessons)
    for index, lesson in enumerate(lessons):
        if lesson.place or not placed:
            found[(lesson.writer, lesson.place, lesson.label)].append(index)
    return [np.array(block) for block in found.values() if len(block) > 1]


def discriminate(
    joined: Floats, matter: Ints, leaf: Ints, size: int = MATTERS
) -> tuple[Floats, Floats]:
    """The mean and the projection (d, k) that draw the matters of one leaf apart.

    Generalised eigenvectors of the scatter of matters around their leaf against the shrunk
    scatter of sentences around their matter (discriminant analysis, Fisher 1936).
    """
    mean = joined.mean(axis=0)
    x = (joined - mean).astype(np.float64)
    inner = x - _centres(x, matter)
    around = _centres(x, matter) - _centres(x, leaf)
    within, between = inner.T @ inner / len(x), around.T @ around / len(x)
    ball = np.eye(len(within)) * np.trace(within) / len(within)
    _values, vectors = eigh(between, (1 - SHRINK) * within + SHRINK * ball)
    project: Floats = vectors[:, ::-1][:, :size].astype(np.float32)
    return mean.astype(np.float32), project


def _centres(x: NDArray[np.float64], group: Ints) -> NDArray[np.float64]:
    """For each row the mean of its group."""
    _names, dense, count = np.unique(group, return_inverse=True, return_counts=True)
    total = np.zeros((len(count), x.shape[1]))
    np.add.at(total, dense, x)
    result: NDArray[np.float64] = (total / count[:, None])[dense]
    return result


def _view(joined: Floats, facts: _Facts) -> View:
    """Fit one view; its threshold on writers that the space had not seen."""
    unseen = np.zeros((len(joined), min(MATTERS, joined.shape[1])), dtype=np.float32)
    for writer in np.unique(facts.writer):
        own = facts.writer == writer
        mean, project = discriminate(joined[~own], facts.matter[~own], facts.leaf[~own])
        unseen[own] = unit((joined[own] - mean) @ project)
    threshold = best_threshold(unseen, facts.matter, facts.blocks)
    mean, project = discriminate(joined, facts.matter, facts.leaf)
    return View(mean, project, threshold)


def best_threshold(vectors: Floats, matter: Ints, blocks: Sequence[Ints]) -> float:
    """The threshold with the best pairwise F1 over the blocks; Cost: O(Σ block²)."""
    counts = np.zeros((len(_THRESHOLDS), 3))
    for block in blocks:
        close = vectors[block] @ vectors[block].T
        upper = np.triu_indices(len(block), 1)
        truth = (matter[block][:, None] == matter[block][None, :])[upper]
        for index, threshold in enumerate(_THRESHOLDS):
            groups = np.array(link(close, float(threshold), ()))
            found = (groups[:, None] == groups[None, :])[upper]
            counts[index] += (found & truth).sum(), found.sum(), truth.sum()
    f1 = 2 * counts[:, 0] / np.maximum(counts[:, 1] + counts[:, 2], 1)
    return float(_THRESHOLDS[int(f1.argmax())])
