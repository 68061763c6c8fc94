"""Does a text say or hint that a person is being harmed? A model of its own beside the labels.

Five voices are added: pieces of one to three characters, likeness to sentences of harm and of its
look-alikes, the sentences nearest by, how often the likely labels are about harm, and the kinds of
hints in `safety`. One missed is worse than one too many.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sanshe.engine.features import Floats, Vocabulary
from sanshe.engine.safety import KINDS_OF_SIGNS, signs

#: Without a single text of harm to learn from only `safety.certain` raises the flag.
NEVER = 1.1
#: How many of the nearest sentences are asked, and how fast the further ones lose their say.
_NEAREST, _STEEPNESS = 25, 20.0
#: No share is surer than this.
_LEAST = 0.01
_BATCH = 512


@dataclass(frozen=True, eq=False)
class Harm:
    """Weights of what speaks for harm, on the scale of log-odds.

    gram_weights: (terms,). point_weights: (points,) on likeness to the model's points, or empty.
    sign_weights: (KINDS_OF_SIGNS,). label_rates: (labels,), the share of harm under each label, or
    empty; label_weight and near_weight: what the two shares of harm count. expected, near_expected:
    what points and neighbours say of the average text. threshold: the probability of harm, 0..1,
    from which on the flag is raised.
    """

    vocabulary: Vocabulary
    gram_weights: Floats
    point_weights: Floats
    sign_weights: Floats
    label_rates: Floats
    label_weight: float = 0.0
    near_weight: float = 0.0
    expected: float = 0.0
    near_expected: float = 0.0
    bias: float = 0.0
    threshold: float = NEVER

    @classmethod
    def untaught(cls) -> "Harm":
        """Knows of no harm."""
        nothing = np.zeros(0, dtype=np.float32)
        signs_ = np.zeros(KINDS_OF_SIGNS, dtype=np.float32)
        return cls(Vocabulary((), nothing), nothing, nothing, signs_, nothing)

    def heard(self, texts: Sequence[str]) -> Floats:
        """Log-odds of harm by the characters alone, shape (n,)."""
        said = self.vocabulary.rows(texts).dot(self.gram_weights)
        return np.asarray(said + signs(texts) @ self.sign_weights + self.bias, dtype=np.float32)

    def of_labels(self, chances: Floats) -> Floats:
        """What the chances of the labels (n, labels) add, shape (n,)."""
        if not len(self.label_rates):
            return np.zeros(len(chances), dtype=np.float32)
        return self.label_weight * log_odds(chances @ self.label_rates)


def nearby(vectors: Floats, known: Floats, harm: Floats) -> Floats:
    """Log-odds of harm among the known sentences nearest to each vector, shape (n,).

    harm: (known,), 1 or 0. The nearest count most. Cost: O(n · known · 512).
    """
    many = min(_NEAREST, len(known))
    shares = np.zeros(len(vectors), dtype=np.float32)
    for start in range(0, len(vectors), _BATCH):
        close = vectors[start : start + _BATCH] @ known.T
        nearest = np.argpartition(-close, many - 1, axis=1)[:, :many]
        say = np.exp(_STEEPNESS * (np.take_along_axis(close, nearest, axis=1) - 1))
        shares[start : start + _BATCH] = (say * harm[nearest]).sum(axis=1) / say.sum(axis=1)
    return log_odds(shares)


def log_odds(shares: Floats) -> Floats:
    """Log-odds of shares 0..1, none of them quite sure."""
    return np.asarray(np.log((shares + _LEAST) / (1 + _LEAST - shares)), dtype=np.float32)


def chance(log_odds: Floats) -> Floats:
    """Probabilities 0..1 of log-odds."""
    return np.asarray(1 / (1 + np.exp(-log_odds)), dtype=np.float32)
