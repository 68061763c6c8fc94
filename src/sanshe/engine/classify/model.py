"""The trained classifier: texts in, verdicts out.

Two opinions are added: how the characters of a text speak for each label, and where the sentence
encoder places it. Their sum is a probability, calibrated on sentences the model had not seen
(learn/). The encoder is asked only where the characters alone are not sure; that is decided text
by text, so that a verdict never depends on the texts around it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sanshe.engine.classify.chances import Choice, family_numbers, label_chances
from sanshe.engine.classify.explain import deciding_words
from sanshe.engine.classify.harm import Harm, chance, nearby
from sanshe.engine.classify.lessons import NONE, Row
from sanshe.engine.features import Floats, Ints, Rows, Vocabulary, encode, likeness
from sanshe.engine.safety import certain

#: Labels less likely than this, or beyond so many, are not worth naming.
_LEAST_LIKELY, _MOST_NAMED, _LEAST_NAMED = 0.01, 12, 3
#: Where the characters alone are this sure, and far from raising the flag, the encoder rests.
SURE = 0.5
_FAR_FROM_HARM = 0.25


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model says of one text. `label` is None where it abstains (待分类).

    confidence: probability of the top label, 0..1. alternatives: the likeliest labels with their
    probabilities, best first, also where it abstains; at least three and at most twelve, never
    NONE. because: the words of this
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
        chances = self._chances(logits)
        harm = chance(odds + self.harm.of_labels(chances))
        return [
            self._verdict(text, rows, at, chances[at], float(harm[at]))
            for at, text in enumerate(texts)
        ]

    def guess(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """The likeliest labels of each text by its characters alone, with their chances.

        NONE is not among them. Cost: about 15,000 texts per CPU-second.
        """
        rows = self.vocabulary.rows(texts)
        logits = rows.times(self.char_weights) + self.bias
        chances = self._chances(logits + self.expected if len(self.points) else logits)
        if NONE in self.labels:
            chances[:, self.labels.index(NONE)] = 0
        best = np.argsort(-chances, axis=1, kind="stable")[:, :_MOST_NAMED]
        return [dict(self._named(own, order)) for own, order in zip(chances, best, strict=True)]

    def _add_meaning(self, texts: Sequence[str], logits: Floats, odds: Floats) -> None:
        """Add what the encoder says, in place; its average where nobody needs to ask."""
        logits += self.expected
        odds += self.harm.expected + self.harm.near_expected
        chances = self._chances(logits)
        ask = np.flatnonzero((chances.max(axis=1) < SURE) | self._maybe_harm(odds, chances))
        if not len(ask):
            return
        vectors = encode([texts[at] for at in ask.tolist()])
        near = likeness(vectors, self.points)
        logits[ask] += near @ self.point_weights - self.expected
        if not len(self.harm.point_weights):
            return
        odds[ask] += near @ self.harm.point_weights - self.harm.expected
        doubtful = np.flatnonzero(self._maybe_harm(odds[ask], self._chances(logits[ask])))
        if len(doubtful):
            said = self.harm.near_weight * nearby(vectors[doubtful], *self._neighbours)
            odds[ask[doubtful]] += said - self.harm.near_expected

    def _maybe_harm(self, odds: Floats, chances: Floats) -> NDArray[np.bool_]:
        """Where the flag is not far from being raised, shape (n,)."""
        harm = chance(odds + self.harm.of_labels(chances))
        return np.asarray(harm > _FAR_FROM_HARM * self.harm.threshold)

    @cached_property
    def _neighbours(self) -> tuple[Floats, Floats]:
        """The vectors of the texts of which it is known whether they tell of harm, and which do."""
        known = [at for at, row in enumerate(self.rows) if row.safety is not None]
        harm = np.array([float(bool(self.rows[at].safety)) for at in known], dtype=np.float32)
        return self.vectors[known], harm

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
        order = np.argsort(-chances, kind="stable")[: _MOST_NAMED + 1]
        needs = [int(k) for k in order if self.labels[k] != NONE][:_MOST_NAMED]
        noise = self.labels[order[0]] == NONE
        confidence = float(chances[order[0]])
        sure = bool(needs) and not noise and confidence >= self.choice.threshold
        return Verdict(
            label=self.labels[needs[0]] if sure else None,
            confidence=confidence,
            alternatives=self._named(chances, needs),
            safety=harm >= self.harm.threshold or certain(text),
            because=deciding_words(text, self._gains(rows, at, needs[0])) if needs else (),
        )

    def _named(self, chances: Floats, order: Iterable[int]) -> tuple[tuple[str, float], ...]:
        """The labels of `order` (best first) that are worth naming."""
        return tuple(
            (self.labels[k], float(chances[k]))
            for place, k in enumerate(order)
            if place < _LEAST_NAMED or chances[k] >= _LEAST_LIKELY
        )

    def _gains(self, rows: Rows, at: int, label: int) -> dict[str, float]:
        """What each gram of the text added for the label above the average label."""
        inside = slice(rows.starts[at], rows.starts[at + 1])
        columns = rows.columns[inside]
        gains = rows.values[inside] * (self.char_weights[columns, label] - self._average[columns])
        terms = self.vocabulary.terms
        return {terms[c]: g for c, g in zip(columns.tolist(), gains.tolist(), strict=True)}
