"""The trained classifier: texts in, verdicts out.

Two opinions are added: how the characters of a text speak for each label, and where the sentence
encoder places it. Their sum is a probability, calibrated on sentences the model had not seen
(learn/). The encoder is asked only where the characters alone are not sure; that is decided text
by text, so that a verdict never depends on the texts around it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sanshe.engine.classify.chances import (
    Choice,
    family_numbers,
    harm_evidence,
    harm_signs,
    label_chances,
)
from sanshe.engine.classify.explain import deciding_words
from sanshe.engine.features import Floats, Ints, Rows, Vocabulary, encode, likeness
from sanshe.engine.safety import certain

#: The label of rows that hold no need: greetings, no opinion, talk about the interview.
NONE = "NONE"
#: Where the characters alone are this sure, and far from raising the flag, the encoder rests.
SURE = 0.5
_FAR_FROM_HARM = 0.5
_CHUNK = 2000


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


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text a model learned from; `safety` is None where nobody said."""

    text: str
    label: str
    safety: bool | None = None
    weight: float = 1.0


def _nothing() -> Floats:
    return np.zeros((0, 0), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Model:
    """A trained classifier over `labels` (NONE among them where it was taught).

    char_weights: (terms, labels + 1), the last column is the logit of harm. points: sentences the
    encoder compares a text with, (points, 512), empty where the model does not use it;
    point_weights: (points, labels + 1), what likeness to each point says; expected: (labels + 1),
    what they say on average. bias: (labels + 1). parents: label → category. harm_labels:
    places of the labels that mean harm by themselves. rows, vectors: what it learned from, with
    the encoder's vectors, so that it can learn again from corrections.
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
    harm_labels: tuple[int, ...] = ()
    rows: tuple[Row, ...] = ()
    vectors: Floats = field(default_factory=_nothing)

    def classify(self, texts: Sequence[str]) -> list[Verdict]:
        """One verdict per text, in order. Cost: about 1,000 different texts per CPU-second."""
        return [verdict for chunk in self.classify_in_chunks(texts) for verdict in chunk]

    def classify_in_chunks(
        self, texts: Sequence[str], size: int = _CHUNK
    ) -> Iterator[list[Verdict]]:
        """The same verdicts, a chunk at a time, for whoever shows progress.

        Equal texts are read once. Many texts are spread over the cores.
        """
        from sanshe.engine.classify.parallel import spread

        different = list(dict.fromkeys(texts))
        known: dict[str, Verdict] = {}
        answers = spread(self, different, size)
        for first in range(0, len(texts), size):
            chunk = texts[first : first + size]
            while any(text not in known for text in chunk):
                known.update(next(answers))
            yield [known[text] for text in chunk]

    def classify_here(self, texts: Sequence[str]) -> list[Verdict]:
        """The verdicts of a handful of texts, without further ado."""
        if not texts:
            return []
        rows = self.vocabulary.rows(texts)
        logits = rows.times(self.char_weights) + self.bias
        said = harm_signs(texts)
        if len(self.points):
            logits += self._meaning(texts, logits, said)
        chances, harm = self._chances(logits, said)
        return [
            self._verdict(text, rows, at, chances[at], float(harm[at]))
            for at, text in enumerate(texts)
        ]

    def _meaning(self, texts: Sequence[str], logits: Floats, said: Floats) -> Floats:
        """What the encoder adds to the logits; its average where nobody needs to ask."""
        added = np.tile(self.expected, (len(texts), 1))
        chances, harm = self._chances(logits + added, said)
        ask = np.flatnonzero(
            (chances.max(axis=1) < SURE) | (harm > _FAR_FROM_HARM * self.choice.safety_threshold)
        )
        if len(ask):
            near = likeness(encode([texts[at] for at in ask.tolist()]), self.points)
            added[ask] = near @ self.point_weights
        return added

    def _chances(self, logits: Floats, said: Floats) -> tuple[Floats, Floats]:
        """Probability of every label, shape (n, labels), and of harm, shape (n,)."""
        chances = label_chances(logits[:, :-1], self._families, self.choice)
        evidence = harm_evidence(said, chances, self.harm_labels)
        return chances, self.choice.harm(logits[:, -1], evidence)

    @cached_property
    def _families(self) -> Ints:
        return family_numbers(self.labels, self.parents)

    @cached_property
    def _average(self) -> Floats:
        """What each gram says for the average label."""
        average: Floats = self.char_weights[:, :-1].mean(axis=1)
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
            safety=harm >= self.choice.safety_threshold or certain(text),
            because=deciding_words(text, self._gains(rows, at, needs[0])) if needs else (),
        )

    def _gains(self, rows: Rows, at: int, label: int) -> dict[str, float]:
        """What each gram of the text added for the label above the average label."""
        inside = slice(rows.starts[at], rows.starts[at + 1])
        columns = rows.columns[inside]
        gains = rows.values[inside] * (self.char_weights[columns, label] - self._average[columns])
        terms = self.vocabulary.terms
        return {terms[c]: g for c, g in zip(columns.tolist(), gains.tolist(), strict=True)}

    def to_bytes(self) -> bytes:
        """The model as one file's content."""
        from sanshe.engine.classify.store import pack

        return pack(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Model":
        """The model in a file's content; BadModel where it is none or was changed."""
        from sanshe.engine.classify.store import unpack

        return unpack(data)
