"""How close two spoken sentences are in what they ask for.

Sentences are placed in a space in which one matter lies close together and different matters of
the same leaf lie apart: discriminant analysis of the encoder's vector and of the characters,
learned from sentences sorted by concrete matter (docs/engine/merge.md). Closeness is the cosine.
"""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sanshe.engine.errors import EngineError
from sanshe.engine.features import Floats, Vocabulary, encode

FORMAT = 1
#: More texts than this are compared by their characters alone: the encoder reads about a
#: thousand texts a second.
ENCODED = 6_000


@dataclass(frozen=True)
class View:
    """One way of placing texts: with the encoder, or by characters alone.

    mean: shape (d,) of the joined input. project: shape (d, k). threshold: the average closeness
    that holds a group together, -1..1.
    """

    mean: Floats
    project: Floats
    threshold: float


@dataclass(frozen=True)
class Scorer:
    """What merging knows. `characters` turns sparse grams into dense vectors, shape (terms, c)."""

    vocabulary: Vocabulary
    characters: Floats
    centre: Floats
    encoded: View
    spelled: View
    version: str

    def place(self, texts: Sequence[str]) -> tuple[Floats, float]:
        """Where the texts lie, shape (n, k), unit length; and the threshold of a group."""
        letters = unit(self.vocabulary.rows(texts).times(self.characters))
        joined: Floats
        if len(texts) > ENCODED:
            view, joined = self.spelled, letters
        else:
            view = self.encoded
            meaning: Floats = encode(texts) - self.centre
            joined = np.hstack([letters, unit(meaning)])
        placed = np.asarray((joined - view.mean) @ view.project, dtype=np.float32)
        return unit(placed), view.threshold

    def to_bytes(self) -> bytes:
        """One file: numbers and a JSON head, no code."""
        head = {"format": FORMAT, "version": self.version, "terms": self.vocabulary.terms}
        packed = np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), dtype=np.uint8)
        out = io.BytesIO()
        np.savez(
            out,
            head=packed,
            rarity=self.vocabulary.rarity,
            characters=self.characters,
            centre=self.centre,
            thresholds=np.array([self.encoded.threshold, self.spelled.threshold]),
            encoded_mean=self.encoded.mean,
            encoded_project=self.encoded.project,
            spelled_mean=self.spelled.mean,
            spelled_project=self.spelled.project,
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
                encoded, spelled = (float(value) for value in file["thresholds"])
                return cls(
                    Vocabulary(head["terms"], file["rarity"]),
                    file["characters"],
                    file["centre"],
                    View(file["encoded_mean"], file["encoded_project"], encoded),
                    View(file["spelled_mean"], file["spelled_project"], spelled),
                    head["version"],
                )
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise EngineError(f"not a merge scorer: {error}") from error


def unit(vectors: Floats) -> Floats:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Floats = (vectors / np.maximum(length, 1e-9)).astype(np.float32)
    return result
