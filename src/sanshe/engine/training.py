"""The program that `apart` starts: a task on standard input, a trained model on standard output."""

import json
import sys
from typing import Any, BinaryIO

import numpy as np

from sanshe.engine.classify import Leaf, Row, pack, unpack
from sanshe.engine.errors import EngineError
from sanshe.engine.features import ENCODER_SIZE
from sanshe.engine.learn import learn
from sanshe.engine.merge import Lesson
from sanshe.engine.merge.fit import fit_scorer


def train(source: BinaryIO) -> bytes:
    """The bytes of the model that the task asks for."""
    task: dict[str, Any] = json.loads(source.readline())
    rest = source.read()
    if task["task"] == "fit":
        vectors = np.frombuffer(rest, dtype=np.float32).reshape(-1, ENCODER_SIZE)
        lessons = [Lesson(*lesson) for lesson in task["lessons"]]
        return fit_scorer(lessons, vectors, task["beliefs"]).to_bytes()
    model = learn(
        [Row(*row) for row in task["rows"]],
        tree=None if task["tree"] is None else [_leaf(*leaf) for leaf in task["tree"]],
        base=unpack(rest) if rest else None,
        seed=task["seed"],
    )
    return pack(model)


def _leaf(code: str, parent: str, name: str, keywords: list[str]) -> Leaf:
    return Leaf(code, parent, name, tuple(keywords))


def main() -> int:
    try:
        sys.stdout.buffer.write(train(sys.stdin.buffer))
    except EngineError as problem:
        sys.stdout.write(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
