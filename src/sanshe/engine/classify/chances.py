"""From logits to probabilities: of every label, and of harm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sanshe.engine.features import Floats, Ints


@dataclass(frozen=True)
class Choice:
    """How probabilities become a verdict; all of it chosen on texts the model had not seen.

    category: how much the probability of a whole category weighs in the choice of the leaf.
    temperature: what the logits are divided by, so that a confidence of 0.8 is right in 80 %.
    threshold: below this confidence the model abstains.
    """

    category: float = 0.0
    temperature: float = 1.0
    threshold: float = 0.2


def family_numbers(labels: Sequence[str], parents: Mapping[str, str]) -> Ints:
    """The number of each label's category; a label without a parent is its own."""
    names = [parents.get(label) or label for label in labels]
    number = {name: at for at, name in enumerate(sorted(set(names)))}
    return np.array([number[name] for name in names], dtype=np.int64)


def label_chances(logits: Floats, families: Ints, choice: Choice) -> Floats:
    """Softmax of the logits, each leaf lifted by the probability of its category.

    A leaf's chance is p(leaf) · p(category)^c, brought back to sum 1.
    """
    chances = _softmax(logits / np.float32(choice.temperature))
    if choice.category:
        sums = np.zeros((len(chances), int(families.max()) + 1), dtype=np.float32)
        for column, family in enumerate(families):
            sums[:, family] += chances[:, column]
        chances = chances * sums[:, families] ** np.float32(choice.category)
        chances /= chances.sum(axis=1, keepdims=True)
    return chances


def _softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return result
