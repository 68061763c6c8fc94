"""From logits to probabilities: of every label, and of harm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sanshe.engine.features import Floats, Ints
from sanshe.engine.safety import signs


@dataclass(frozen=True)
class Choice:
    """How probabilities become a verdict; all of it chosen on texts the model had not seen.

    category: how much the probability of a whole category weighs in the choice of the leaf.
    temperature: what the logits are divided by, so that a confidence of 0.8 is right in 80 %.
    threshold: below this confidence the model abstains. safety_threshold: from this probability
    of harm on the flag is raised; harm_leaf, harm_hints, harm_harmless: what the chance of the
    leaves that mean harm, hints and harmless uses of such words add to its logit.
    """

    category: float = 0.0
    temperature: float = 1.0
    threshold: float = 0.2
    safety_threshold: float = 0.5
    harm_leaf: float = 0.0
    harm_hints: float = 0.0
    harm_harmless: float = 0.0

    def harm(self, logits: Floats, evidence: Floats) -> Floats:
        """Probability of harm, shape (n,), from the trained logit and `harm_evidence`."""
        pull = np.array([self.harm_leaf, self.harm_hints, self.harm_harmless], dtype=np.float32)
        return np.asarray(1 / (1 + np.exp(-(logits + evidence @ pull))), dtype=np.float32)


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


def harm_signs(texts: Sequence[str]) -> Floats:
    """Hints at harm and harmless uses in each text, shape (n, 2)."""
    return np.array([signs(text) for text in texts], dtype=np.float32).reshape(-1, 2)


def harm_evidence(said: Floats, chances: Floats, harm_labels: Sequence[int]) -> Floats:
    """What speaks for harm beside the trained score, shape (n, 3): leaf, hints, harmless uses."""
    leaf = chances[:, list(harm_labels)].sum(axis=1) if harm_labels else np.zeros(len(said))
    return np.column_stack([np.log((leaf + 0.002) / (1.002 - leaf)), said]).astype(np.float32)


def _softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return result
