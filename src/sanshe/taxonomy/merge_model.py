"""The merge scorer that ships: learned from the sorted sentences at first use, then cached.

No Django.
"""

import csv
import hashlib
import secrets
from pathlib import Path

import numpy as np

from sanshe.engine import merge
from sanshe.engine.apart import fit_apart
from sanshe.engine.classify import Model
from sanshe.engine.errors import EngineError
from sanshe.engine.features import encode
from sanshe.engine.merge import Lesson, Scorer
from sanshe.taxonomy.model import fingerprint, shipped_model

DATA = Path(__file__).parent / "data"


def lessons() -> list[Lesson]:
    """Sentences by concrete matter, and groups of paraphrases, each with its writer."""
    found = []
    for path in sorted((DATA / "matters").glob("hand*.csv")):
        with path.open(encoding="utf-8") as file:
            found += [
                Lesson(row["text"], row["matter"], row["matter"][:5], path.stem)
                for row in csv.DictReader(file)
            ]
    for path in sorted((DATA / "paraphrases").glob("hand*.csv")):
        with path.open(encoding="utf-8") as file:
            found += [
                Lesson(row["text"], row["group"], row["label"], path.stem, row["place"])
                for row in csv.DictReader(file)
            ]
    return found


def shipped_scorer(home: Path) -> Scorer:
    """The shipped scorer from `home`/models, learned first where data or code have changed.

    Learning takes about half a minute on two cores, loading a tenth of a second. What the shipped
    classifier says of the paraphrases is part of the lessons.
    """
    path = home / "models" / f"merge-{_fingerprint()}.npz"
    if path.exists():
        try:
            return Scorer.from_bytes(path.read_bytes())
        except EngineError:
            path.unlink()
    learned = _learn(shipped_model(home))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{secrets.token_hex(4)}.part")
    part.write_bytes(learned.to_bytes())
    part.replace(path)
    return learned


def _learn(model: Model) -> Scorer:
    found = lessons()
    known = dict(zip((row.text for row in model.rows), model.vectors, strict=True))
    fresh = [lesson.text for lesson in found if lesson.text not in known]
    known |= zip(fresh, encode(fresh), strict=True)
    vectors = np.stack([known[lesson.text] for lesson in found])
    verdicts = iter(model.classify([lesson.text for lesson in found if lesson.place]))
    return fit_apart(
        found, vectors, [next(verdicts).belief if lesson.place else {} for lesson in found]
    )


def _fingerprint() -> str:
    """Changes whenever the data or the code that learns from it changes."""
    digest = hashlib.sha256(fingerprint().encode())
    for folder in ("matters", "paraphrases"):
        for path in sorted((DATA / folder).glob("hand*.csv")):
            digest.update(path.read_bytes())
    code = Path(str(merge.__file__)).parent
    for path in sorted(code.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
