"""Learning in a program of its own.

scikit-learn needs a second to load, and learning a core for a minute: whoever asks stays light.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import astuple

import numpy as np

from sanshe.engine.classify import Leaf, Model, Row, pack, unpack
from sanshe.engine.errors import EngineError
from sanshe.engine.features import Floats
from sanshe.engine.merge import Lesson, Scorer


def learn_apart(
    rows: Sequence[Row],
    *,
    tree: Sequence[Leaf] | None = None,
    base: Model | None = None,
    seed: int = 0,
) -> Model:
    """`learn.learn`, elsewhere. Raises EngineError as that does, or where the program dies."""
    task = {
        "task": "learn",
        "rows": [astuple(row) for row in rows],
        "tree": None if tree is None else [astuple(leaf) for leaf in tree],
        "seed": seed,
    }
    return unpack(_ask(task, pack(base) if base else b""))


def fit_apart(
    lessons: Sequence[Lesson], vectors: Floats, beliefs: Sequence[Mapping[str, float]]
) -> Scorer:
    """`merge.fit.fit_scorer`, elsewhere. Raises EngineError as that does."""
    task = {
        "task": "fit",
        "lessons": [astuple(lesson) for lesson in lessons],
        "beliefs": [dict(belief) for belief in beliefs],
    }
    return Scorer.from_bytes(_ask(task, vectors.astype(np.float32).tobytes()))


def _ask(task: Mapping[str, object], rest: bytes) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "sanshe.engine.training"],
        input=json.dumps(task).encode() + b"\n" + rest,
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise EngineError(done.stdout.decode(errors="replace") or "learning was interrupted")
    return done.stdout
