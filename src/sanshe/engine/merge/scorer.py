"""How likely it is that two spoken sentences ask for the same.

Sentences are placed in two spaces learned from sentences sorted by concrete matter: one in which
the matters of one leaf lie apart, one in which all matters do. What is close there, what is like
the same known matters, what has the same leaf and what is spelled alike is weighed by a logistic
regression (docs/engine/merge.md).
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from sanshe.engine.errors import EngineError
from sanshe.engine.features import Floats, Ints, Vocabulary, encode

FORMAT = 2
#: More texts than this are compared by their characters alone: the encoder reads about a
#: thousand texts a second.
ENCODED = 15_000
#: How sharply a text belongs to the known matters it lies near.
_SHARPNESS = 20.0
#: Beliefs that share nothing: how far apart that may push two texts.
_LEAST_SHARED, _LEAST_EQUAL = 0.01, 0.001
#: What the matters leave to a leaf they know nothing of, and a belief to leaves it does not name.
_LEAST_CHANCE, _UNNAMED = 0.001, 1e-6
#: What is weighed of a pair; see `Scorer.odds`.
VOICES = 7


@dataclass(frozen=True, eq=False)
class View:
    """One way of placing texts: with the encoder, or by characters alone.

    mean: (d,) of the joined input. inner, whole: (d, k), the two spaces. known: (matters, 2k),
    where the known matters lie in both. weights: (VOICES,), and bias, of a pair's voices.
    threshold: what a pair's log-odds must exceed to speak for one group.
    """

    mean: Floats
    inner: Floats
    whole: Floats
    known: Floats
    weights: Floats
    bias: float = 0.0
    threshold: float = 0.0


@dataclass(frozen=True, eq=False)
class Placed:
    """Where n texts lie: points (n, 2k), half the square length in each space; letters (n, c)."""

    points: Floats
    letters: Floats

    def __getitem__(self, rows: Ints) -> "Placed":
        return Placed(self.points[rows], self.letters[rows])


@dataclass(frozen=True, eq=False)
class Scorer:
    """What merging knows.

    `characters` turns sparse grams into dense vectors, (terms, c). centre: (512,), the encoder's
    average. leaves: the leaf of each known matter.
    """

    vocabulary: Vocabulary
    characters: Floats
    centre: Floats
    leaves: tuple[str, ...]
    encoded: View
    spelled: View
    version: str

    def place(self, texts: Sequence[str]) -> tuple[Placed, View]:
        """Where the texts lie, and the view they were placed in."""
        letters = unit(self.vocabulary.rows(texts).times(self.characters))
        if len(texts) > ENCODED:
            return placed(letters, letters, self.spelled), self.spelled
        meaning: Floats = encode(texts) - self.centre
        joined = np.hstack([letters, unit(meaning)])
        return placed(joined, letters, self.encoded), self.encoded

    def odds(self, texts: Placed, beliefs: Sequence[Mapping[str, float]], view: View) -> Floats:
        """Log-odds that two texts ask for the same, shape (n, n)."""
        voices = pair_voices(texts, beliefs, view, self.leaves)
        total = np.full(voices[0].shape, view.bias, dtype=np.float32)
        for voice, weight in zip(voices, view.weights, strict=True):
            total += weight * voice
        return total

    def to_bytes(self) -> bytes:
        """One file: numbers and a JSON head, no code."""
        head = {
            "format": FORMAT,
            "version": self.version,
            "terms": self.vocabulary.terms,
            "leaves": self.leaves,
        }
        packed = np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), dtype=np.uint8)
        views = {
            f"{name}_{field.name}": getattr(view, field.name)
            for name, view in (("encoded", self.encoded), ("spelled", self.spelled))
            for field in fields(View)
        }
        out = io.BytesIO()
        np.savez(
            out,
            head=packed,
            rarity=self.vocabulary.rarity,
            characters=self.characters.astype(np.float16),
            centre=self.centre,
            **views,
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Scorer":
        """Raises EngineError when the bytes are not a scorer of this format."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                head = json.loads(file["head"].tobytes())
                if head["format"] != FORMAT:
                    raise EngineError("a merge scorer of another format")
                encoded, spelled = (
                    View(
                        mean=file[f"{name}_mean"],
                        inner=file[f"{name}_inner"],
                        whole=file[f"{name}_whole"],
                        known=file[f"{name}_known"],
                        weights=file[f"{name}_weights"],
                        bias=float(file[f"{name}_bias"]),
                        threshold=float(file[f"{name}_threshold"]),
                    )
                    for name in ("encoded", "spelled")
                )
                return cls(
                    Vocabulary(head["terms"], file["rarity"]),
                    file["characters"].astype(np.float32),
                    file["centre"],
                    tuple(head["leaves"]),
                    encoded,
                    spelled,
                    head["version"],
                )
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise EngineError(f"not a merge scorer: {error}") from error


def placed(joined: Floats, letters: Floats, view: View) -> Placed:
    """Texts in the two spaces of a view; joined: (n, d)."""
    centred: Floats = joined - view.mean
    inner, whole = unit(centred @ view.inner), unit(centred @ view.whole)
    points: Floats = np.hstack([inner, whole]) / np.float32(np.sqrt(2))
    return Placed(points, letters)


def pair_voices(
    texts: Placed, beliefs: Sequence[Mapping[str, float]], view: View, leaves: Sequence[str]
) -> list[Floats]:
    """What speaks for a pair, VOICES matrices of shape (n, n).

    Closeness in the two spaces (cosines); how far the beliefs about the leaf agree
    (Bhattacharyya's coefficient), its logarithm, and that of the chance of one and the same leaf;
    closeness of the letters; likeness to the same known matters.
    """
    inner, whole = np.hsplit(texts.points * np.float32(np.sqrt(2)), 2)
    matters = _matters(texts.points, view.known)
    sure = _believed(beliefs, matters, leaves)
    root = np.sqrt(sure)
    agree = root @ root.T
    return [
        inner @ inner.T,
        whole @ whole.T,
        agree,
        np.log(np.maximum(agree, _LEAST_SHARED)),
        np.log(np.maximum(sure @ sure.T, _LEAST_EQUAL)),
        texts.letters @ texts.letters.T,
        np.sqrt(matters) @ np.sqrt(matters).T,
    ]


def _matters(points: Floats, known: Floats) -> Floats:
    """To which known matters each text belongs: softmax of its closeness, (n, matters)."""
    close = points @ known.T
    chances = np.exp(_SHARPNESS * (close - close.max(axis=1, keepdims=True)))
    result: Floats = (chances / chances.sum(axis=1, keepdims=True)).astype(np.float32)
    return result


def _believed(
    beliefs: Sequence[Mapping[str, float]], matters: Floats, leaves: Sequence[str]
) -> Floats:
    """Chances of the leaves, (n, codes), rows of sum 1: what was given times what the matters say.

    The two come from different readings of the text.
    """
    codes = {code: at for at, code in enumerate(dict.fromkeys(leaves))}
    for belief in beliefs:
        for code in belief:
            codes.setdefault(code, len(codes))
    chances = np.zeros((len(beliefs), len(codes)), dtype=np.float32)
    for row, belief in enumerate(beliefs):
        for code, chance in belief.items():
            chances[row, codes[code]] = chance
    chances[chances.sum(axis=1) <= 0] = 1
    of_leaf = np.array([codes[leaf] for leaf in leaves])
    said = np.full_like(chances, _LEAST_CHANCE)
    for code in np.unique(of_leaf):
        said[:, code] += matters[:, of_leaf == code].sum(axis=1)
    chances = np.maximum(chances, _UNNAMED) * said
    result: Floats = chances / chances.sum(axis=1, keepdims=True)
    return result


def unit(vectors: Floats) -> Floats:
    """The vectors at length 1."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Floats = (vectors / np.maximum(length, 1e-9)).astype(np.float32)
    return result
