"""Does a text say or hint that a person is being harmed? A model of its own beside the labels.

Three voices are added: pieces of one to three characters, likeness to sentences of harm and of
its look-alikes, and the kinds of hints in `safety`. One missed is worse than one too many.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sanshe.engine.features import Floats, Vocabulary
from sanshe.engine.safety import KINDS_OF_SIGNS, signs

#: Without a single text of harm to learn from only `safety.certain` raises the flag.
NEVER = 1.1


@dataclass(frozen=True, eq=False)
class Harm:
    """Weights of what speaks for harm, on the scale of log-odds.

    gram_weights: (terms,). point_weights: (points,) on likeness to the model's points, or empty;
    expected: what they say of the average text. sign_weights: (KINDS_OF_SIGNS,). threshold: the
    probability of harm, 0..1, from which on the flag is raised.
    """

    vocabulary: Vocabulary
    gram_weights: Floats
    point_weights: Floats
    sign_weights: Floats
    expected: float = 0.0
    bias: float = 0.0
    threshold: float = NEVER

    @classmethod
    def untaught(cls) -> "Harm":
        """Knows of no harm."""
        nothing = np.zeros(0, dtype=np.float32)
        signs_ = np.zeros(KINDS_OF_SIGNS, dtype=np.float32)
        return cls(Vocabulary((), nothing), nothing, nothing, signs_)

    def heard(self, texts: Sequence[str]) -> Floats:
        """Log-odds of harm without the encoder, shape (n,)."""
        said = self.vocabulary.rows(texts).dot(self.gram_weights)
        return np.asarray(said + signs(texts) @ self.sign_weights + self.bias, dtype=np.float32)


def chance(log_odds: Floats) -> Floats:
    """Probabilities 0..1 of log-odds."""
    return np.asarray(1 / (1 + np.exp(-log_odds)), dtype=np.float32)
