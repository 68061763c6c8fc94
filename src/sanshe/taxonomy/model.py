"""The classifier that ships: trained from the exemplars at first use, then cached. No Django."""

import csv
import hashlib
import os
from pathlib import Path

from sanshe.engine import features, safety
from sanshe.engine.apart import learn_apart
from sanshe.engine.classify import BadModel, Leaf, Model, Row, pack, unpack

DATA = Path(__file__).parent / "data"


def tree() -> list[Leaf]:
    """The leaves of the taxonomy as the engine knows them."""
    with (DATA / "lexicon.csv").open(encoding="utf-8") as file:
        cues = {row["code"]: row["cues"].split("|") for row in csv.DictReader(file)}
    with (DATA / "taxonomy.csv").open(encoding="utf-8") as file:
        return [
            Leaf(
                code=row["code"],
                parent=row["parent"],
                name=row["name_zh"],
                keywords=(*filter(None, row["keywords"].split("|")), *cues.get(row["code"], ())),
            )
            for row in csv.DictReader(file)
            if row["parent"]
        ]


def exemplars() -> list[Row]:
    """Sentences written for this product, each with its leaf (or NONE) and safety."""
    rows = []
    for path in sorted((DATA / "exemplars").glob("hand*.csv")):
        with path.open(encoding="utf-8") as file:
            rows += [
                Row(row["text"], row["label"], row["safety"] == "1") for row in csv.DictReader(file)
            ]
    return rows


def shipped_model(home: Path) -> Model:
    """The shipped model from `home`/models, trained first where data or code have changed.

    Training takes about half a minute on two cores, loading a fifth of a second.
    """
    path = home / "models" / f"shipped-{fingerprint()}.model"
    if path.exists():
        try:
            return unpack(path.read_bytes())
        except BadModel:
            path.unlink(missing_ok=True)
    model = learn_apart(exemplars(), tree=tree())
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(pack(model))
    part.replace(path)
    for old in path.parent.glob("shipped-*.model"):
        if old != path:
            old.unlink(missing_ok=True)
    return model


def fingerprint() -> str:
    """A hash of everything the shipped model is made from: the data and the code that learns."""
    digest = hashlib.sha256()
    engine = Path(features.__file__).parent
    sources = [
        Path(features.__file__),
        Path(safety.__file__),
        *sorted((engine / "classify").glob("*.py")),
        *sorted((engine / "learn").glob("*.py")),
        DATA / "taxonomy.csv",
        DATA / "lexicon.csv",
        *sorted((DATA / "exemplars").glob("hand*.csv")),
    ]
    for source in sources:
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:16]
