"""Learning what makes two sentences one need. Runs once, at set-up.

Two kinds of lessons: sentences sorted by concrete matter inside each leaf, and paraphrase groups
at places where several groups share words and leaves. The spaces are learned from both, the
weights and the threshold from paraphrases of writers whom the spaces had not read.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from sanshe.engine.errors import EngineError
from sanshe.engine.features import Floats, Ints, Vocabulary
from sanshe.engine.merge.clusters import link
from sanshe.engine.merge.lessons import Lesson
from sanshe.engine.merge.scorer import (
    VOICES,
    Placed,
    Scorer,
    View,
    pair_voices,
    placed,
    unit,
)

#: Dense sizes: of the characters, and of each space.
LETTERS, AXES = 512, 100
#: Shrinks the scatter inside matters towards a ball: there are few sentences for each.
SHRINK = 0.1
_FOLDS = 5
#: Of every third matter only the first sentence is compared: in the field much is said once.
_SINGLE = 3
_NEARLY = 0.01
_THRESHOLDS = np.arange(-2.5, 1.01, 0.25)


def fit_scorer(
    lessons: Sequence[Lesson],
    vectors: Floats,
    beliefs: Sequence[Mapping[str, float]],
    *,
    seed: int = 0,
) -> Scorer:
    """Learn a scorer.

    Args:
        lessons: at least one with a place, to learn how much each voice counts.
        vectors: the encoder's, one for each lesson.
        beliefs: what a classifier says of each lesson that has a place; the others are not read.

    Raises:
        EngineError: fewer than two writers or two matters, or nowhere two sentences of one matter.
    Cost: about 20 s for 16,000 sentences on two cores.
    """
    if len({x.writer for x in lessons}) < 2 or len({x.matter for x in lessons}) < 2:
        raise EngineError("merging is learned from at least two writers and two matters")
    texts = [lesson.text for lesson in lessons]
    vocabulary = Vocabulary.of(texts, at_least=2, at_most_terms=60_000)
    characters = _letters(vocabulary, texts, seed)
    letters = unit(vocabulary.rows(texts).times(characters))
    centre = vectors.mean(axis=0)
    school = _School(lessons, letters, beliefs)
    encoded = _view(np.hstack([letters, unit(vectors - centre)]), school)
    spelled = _view(letters, school)
    content = "\n".join(f"{x.text}\t{x.matter}" for x in lessons).encode()
    version = hashlib.sha256(content + str(seed).encode()).hexdigest()[:12]
    return Scorer(vocabulary, characters, centre, school.leaves, encoded, spelled, version)


def _letters(vocabulary: Vocabulary, texts: Sequence[str], seed: int) -> Floats:
    rows = vocabulary.rows(texts)
    sparse = csr_matrix(
        (rows.values, rows.columns, rows.starts), shape=(len(texts), len(vocabulary.terms))
    )
    size = min(LETTERS, min(sparse.shape) - 1)
    svd = TruncatedSVD(size, random_state=seed).fit(sparse)
    result: Floats = svd.components_.T.astype(np.float16).astype(np.float32)
    return result


class _School:
    """The lessons as numbers: matter, leaf and fold of each; blocks that are compared."""

    def __init__(
        self, lessons: Sequence[Lesson], letters: Floats, beliefs: Sequence[Mapping[str, float]]
    ) -> None:
        names, matter = np.unique(np.array([x.matter for x in lessons]), return_inverse=True)
        leaf_of = {lesson.matter: lesson.label for lesson in lessons}
        writers = sorted({lesson.writer for lesson in lessons})
        at: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, lesson in enumerate(lessons):
            if lesson.place:
                at[(lesson.writer, lesson.place)].append(index)
        self.matter: Ints = matter.astype(np.int64)
        self.leaves = tuple(leaf_of[str(name)] for name in names)
        self.leaf: Ints = np.unique(np.array(self.leaves), return_inverse=True)[1][self.matter]
        self.fold: Ints = np.array([writers.index(x.writer) % _FOLDS for x in lessons])
        self.blocks = [np.array(self._thinned(block)) for block in at.values() if len(block) > 1]
        self.letters = letters
        self.heard = beliefs
        self.told: list[Mapping[str, float]] = [{lesson.label: 1.0} for lesson in lessons]

    def views_of(self, block: Ints) -> list[list[Mapping[str, float]]]:
        """What is believed of a block's leaves: by the classifier, and by people."""
        return [[beliefs[at] for at in block] for beliefs in (self.heard, self.told)]

    def _thinned(self, block: list[int]) -> list[int]:
        """The block with some of its matters said only once."""
        heard: dict[int, list[int]] = defaultdict(list)
        for index in block:
            heard[int(self.matter[index])].append(index)
        return [
            index
            for turn, same in enumerate(heard.values())
            for index in (same if turn % _SINGLE else same[:1])
        ]


def discriminate(joined: Floats, matter: Ints, around: Ints) -> Floats:
    """The projection (d, k) that draws the matters inside each `around` apart.

    Generalised eigenvectors of the scatter of matters around their `around` against the shrunk
    scatter of sentences around their matter (discriminant analysis, Fisher 1936).
    """
    x = (joined - joined.mean(axis=0)).astype(np.float64)
    middle = _centres(x, matter)
    inside, between = x - middle, middle - _centres(x, around)
    within, among = inside.T @ inside / len(x), between.T @ between / len(x)
    ball = np.eye(len(within)) * np.trace(within) / len(within)
    size = len(within)
    wanted = (max(0, size - AXES), size - 1)
    _values, vectors = eigh(among, (1 - SHRINK) * within + SHRINK * ball, subset_by_index=wanted)
    project: Floats = vectors[:, ::-1].astype(np.float32)
    return project


def _centres(x: NDArray[np.float64], group: Ints) -> NDArray[np.float64]:
    """For each row the mean of its group."""
    total, count = _sums(x, group)
    result: NDArray[np.float64] = (total / count[:, None])[group]
    return result


def _sums(x: NDArray[np.float64], group: Ints) -> tuple[NDArray[np.float64], Ints]:
    """Sum and number of the rows of each group (1 where it has none)."""
    count = np.bincount(group)
    member = csr_matrix((np.ones(len(group)), (group, np.arange(len(group)))))
    return np.asarray(member @ x), np.maximum(count, 1)


def _spaces(joined: Floats, school: _School, rows: NDArray[np.bool_]) -> View:
    """The two spaces and where the matters lie in them, from some of the lessons."""
    own, matter = joined[rows], np.unique(school.matter[rows], return_inverse=True)[1]
    bare = View(
        own.mean(axis=0),
        discriminate(own, matter, np.unique(school.leaf[rows], return_inverse=True)[1]),
        discriminate(own, matter, np.zeros(len(own), dtype=np.int64)),
        np.zeros((0, 0), dtype=np.float32),
        np.zeros(VOICES, dtype=np.float32),
    )
    points = placed(own, own[:, :0], bare).points
    total, count = _sums(points.astype(np.float64), school.matter[rows])
    halves = np.hsplit((total / count[:, None]).astype(np.float32), 2)
    known = np.hstack([unit(half) for half in halves]) / np.float32(np.sqrt(2))
    full = np.zeros((len(school.leaves), known.shape[1]), dtype=np.float32)
    full[: len(known)] = known
    return replace(bare, known=full)


@dataclass(frozen=True)
class _Pairs:
    """A block as pairs: voices (p, VOICES) and whether they are one matter (p,)."""

    size: int
    voices: Floats
    same: NDArray[np.bool_]


def _view(joined: Floats, school: _School) -> View:
    """Fit one view; weights and threshold on writers that its spaces had not seen."""
    blocks: list[_Pairs] = []
    for fold in range(_FOLDS):
        unseen = [block for block in school.blocks if school.fold[block[0]] == fold]
        if unseen:
            view = _spaces(joined, school, school.fold != fold)
            for block in unseen:
                own = placed(joined[block], school.letters[block], view)
                blocks += _pairs(own, block, school, view)
    voices = np.vstack([np.zeros((0, VOICES)), *(block.voices for block in blocks)])
    same = np.concatenate([np.zeros(0, dtype=bool), *(block.same for block in blocks)])
    if len(np.unique(same)) < 2:
        raise EngineError("at some place two sentences must ask for one matter, and two for two")
    scale = StandardScaler().fit(voices)
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(scale.transform(voices), same)
    weights = fitted.coef_[0] / scale.scale_
    bias = float(fitted.intercept_[0] - weights @ scale.mean_)
    view = replace(
        _spaces(joined, school, np.ones(len(joined), dtype=bool)),
        weights=weights.astype(np.float32),
        bias=bias,
    )
    return replace(view, threshold=_best_threshold(blocks, view))


def _pairs(own: Placed, block: Ints, school: _School, view: View) -> list[_Pairs]:
    upper = np.triu_indices(len(block), 1)
    same = (school.matter[block][:, None] == school.matter[block][None, :])[upper]
    return [
        _Pairs(
            len(block),
            np.column_stack(
                [voice[upper] for voice in pair_voices(own, beliefs, view, school.leaves)]
            ),
            same,
        )
        for beliefs in school.views_of(block)
    ]


def _best_threshold(blocks: Sequence[_Pairs], view: View) -> float:
    """The middle of the thresholds with nearly the best pairwise F1 over the blocks.

    Cost: O(Σ block²).
    """
    counts = np.zeros((len(_THRESHOLDS), 3))
    for block in blocks:
        upper = np.triu_indices(block.size, 1)
        odds = np.zeros((block.size, block.size), dtype=np.float32)
        odds[upper] = block.voices @ view.weights + view.bias
        odds += odds.T
        for index, threshold in enumerate(_THRESHOLDS):
            groups = np.array(link(odds, float(threshold), ()))
            found = (groups[:, None] == groups[None, :])[upper]
            counts[index] += (found & block.same).sum(), found.sum(), block.same.sum()
    f1 = 2 * counts[:, 0] / np.maximum(counts[:, 1] + counts[:, 2], 1)
    good = np.flatnonzero(f1 >= f1.max() - _NEARLY)
    return float(_THRESHOLDS[good[len(good) // 2]])
