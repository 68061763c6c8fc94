"""The trained classifier: texts in, verdicts out.

Two opinions are added: how the characters of a text speak for each label, and where the sentence
encoder places it. Their sum is a probability, calibrated on sentences the model had not seen
(learn/). The encoder is asked only where the characters alone are not sure; that is decided text
by text, so that a verdict never depends on the texts around it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sanshe.engine.classify.chances import Choice, family_numbers, label_chances
from sanshe.engine.classify.explain import deciding_words
from sanshe.engine.classify.harm import Harm, chance
from sanshe.engine.classify.lessons import NONE, Row
from sanshe.engine.features import Floats, Ints, Rows, Vocabulary, encode, likeness
from sanshe.engine.safety import certain

#: Where the characters alone are this sure, and far from raising the flag, the encoder rests.
SURE = 0.5
_FAR_FROM_HARM = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model says of one text. `label` is None where it abstains (待分类).

    confidence: probability of the top label, 0..1. alternatives: up to three labels with their
    probabilities, best first, also where it abstains; never NONE. because: the words of this
    text that spoke for the top label, the strongest first.
    """

    label: str | None
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    safety: bool
    because: tuple[str, ...]

    @property
    def belief(self) -> dict[str, float]:
        """The chances of the labels, as `merge` takes them."""
        return dict(self.alternatives)


def _nothing() -> Floats:
    return np.zeros((0, 0), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Model:
    """A trained classifier over `labels` (NONE among them where it was taught).

    char_weights: (terms, labels). points: sentences the encoder compares a text with,
    (points, 512), empty where the model does not use it; point_weights: (points, labels), what
    likeness to each point says; expected: (labels,), what they say on average. bias: (labels,).
    parents: label → category. harm: hears harm, by grams of its own and the same points. rows,
    vectors: what it learned from, with the encoder's vectors, so that it can learn again from
    corrections.
    """

    version: str
    labels: tuple[str, ...]
    parents: Mapping[str, str]
    vocabulary: Vocabulary
    char_weights: Floats
    points: Floats
    point_weights: Floats
    expected: Floats
    bias: Floats
    choice: Choice
    scores: Mapping[str, float]
    harm: Harm = field(default_factory=Harm.untaught)
    rows: tuple[Row, ...] = ()
    vectors: Floats = field(default_factory=_nothing)

    def classify(self, texts: Sequence[str]) -> list[Verdict]:
        """One verdict per text, in order; `classify_many` for more than a few thousand.

        Cost: about 1,000 texts per CPU-second, where the encoder is asked.
        """
        if not texts:
            return []
        rows = self.vocabulary.rows(texts)
        logits = rows.times(self.char_weights) + self.bias
        odds = self.harm.heard(texts)
        if len(self.points):
            self._add_meaning(texts, logits, odds)
        chances, harm = self._chances(logits), chance(odds)
        return [
            self._verdict(text, rows, at, chances[at], float(harm[at]))
            for at, text in enumerate(texts)
        ]

    def guess(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """The three likeliest labels of each text by its characters alone, with their chances.

        NONE is not among them. Cost: about 15,000 texts per CPU-second.
        """
        rows = self.vocabulary.rows(texts)
        logits = rows.times(self.char_weights) + self.bias
        chances = self._chances(logits + self.expected if len(self.points) else logits)
        if NONE in self.labels:
            chances[:, self.labels.index(NONE)] = 0
        best = np.argsort(-chances, axis=1)[:, :3]
        return [
            {self.labels[k]: float(own[k]) for k in order}
            for own, order in zip(chances, best.tolist(), strict=True)
        ]

    def _add_meaning(self, texts: Sequence[str], logits: Floats, odds: Floats) -> None:
        """Add what the encoder says, in place; its average where nobody needs to ask."""
        logits += self.expected
        odds += self.harm.expected
        sure = self._chances(logits).max(axis=1) >= SURE
        far = chance(odds) <= _FAR_FROM_HARM * self.harm.threshold
        ask = np.flatnonzero(~(sure & far))
        if len(ask):
            near = likeness(encode([texts[at] for at in ask.tolist()]), self.points)
            logits[ask] += near @ self.point_weights - self.expected
            if len(self.harm.point_weights):
                odds[ask] += near @ self.harm.point_weights - self.harm.expected

    def _chances(self, logits: Floats) -> Floats:
        """Probability of every label, shape (n, labels)."""
        return label_chances(logits, self._families, self.choice)

    @cached_property
    def _families(self) -> Ints:
        return family_numbers(self.labels, self.parents)

    @cached_property
    def _average(self) -> Floats:
        """What each gram says for the average label."""
        average: Floats = self.char_weights.mean(axis=1)
        return average

    def _verdict(self, text: str, rows: Rows, at: int, chances: Floats, harm: float) -> Verdict:
        order = np.argsort(-chances, kind="stable")[:4]
        needs = [int(k) for k in order if self.labels[k] != NONE][:3]
        noise = self.labels[order[0]] == NONE
        confidence = float(chances[order[0]])
        sure = bool(needs) and not noise and confidence >= self.choice.threshold
        return Verdict(
            label=self.labels[needs[0]] if sure else None,
            confidence=confidence,
            alternatives=tuple((self.labels[k], float(chances[k])) for k in needs),
            safety=harm >= self.harm.threshold or certain(text),
            because=deciding_words(text, self._gains(rows, at, needs[0])) if needs else (),
        )

    def _gains(self, rows: Rows, at: int, label: int) -> dict[str, float]:
        """What each gram of the text added for the label above the average label."""
        inside = slice(rows.starts[at], rows.starts[at + 1])
        columns = rows.columns[inside]
        gains = rows.values[inside] * (self.char_weights[columns, label] - self._average[columns])
        terms = self.vocabulary.terms
        return {terms[c]: g for c, g in zip(columns.tolist(), gains.tolist(), strict=True)}
