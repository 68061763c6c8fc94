"""Many texts over all cores: workers are programs of their own, so nothing of the caller is shared.

Verdicts are the same wherever they are made.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from queue import SimpleQueue

import numpy as np

from sanshe.engine.classify.model import Model, Verdict
from sanshe.engine.classify.store import pack

#: Fewer different texts than this are done before a worker has started.
ENOUGH = 8000
_MOST_WORKERS = 8


def classify_many(model: Model, texts: Sequence[str], size: int = 2000) -> Iterator[list[Verdict]]:
    """The verdicts of any number of texts, `size` at a time, for whoever shows progress.

    Equal texts are read once. Cost: about 1,000 different texts per second and core, where the
    encoder is asked.
    """
    answers = _spread(model, list(dict.fromkeys(texts)), size)
    known: dict[str, Verdict] = {}
    for first in range(0, len(texts), size):
        chunk = texts[first : first + size]
        while any(text not in known for text in chunk):
            known.update(next(answers))
        yield [known[text] for text in chunk]


def _spread(model: Model, texts: Sequence[str], size: int) -> Iterator[dict[str, Verdict]]:
    """Verdict per text, for consecutive pieces of `texts`."""
    pieces = [texts[at : at + size] for at in range(0, len(texts), size)]
    workers = min(_cores(), _MOST_WORKERS)
    if len(texts) < ENOUGH or workers < 2 or not len(model.points):
        for piece in pieces:
            yield dict(zip(piece, model.classify(piece), strict=True))
        return
    slim = pack(replace(model, rows=(), vectors=np.zeros((0, 0), dtype=np.float32)))
    crew = [_start(slim) for _ in range(workers)]
    free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
    for worker in crew:
        free.put(worker)

    def ask(piece: Sequence[str]) -> dict[str, Verdict]:
        worker = free.get()
        try:
            verdicts = _ask(worker, piece)
        except (OSError, ValueError):  # the worker died: do its work here
            verdicts = model.classify(piece)
        finally:
            free.put(worker)
        return dict(zip(piece, verdicts, strict=True))

    try:
        with ThreadPoolExecutor(workers) as pool:
            yield from pool.map(ask, pieces)
    finally:
        for worker in crew:
            worker.kill()
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                if pipe:
                    with suppress(OSError):  # it had died with words unread
                        pipe.close()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _start(model: bytes) -> subprocess.Popen[bytes]:
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    worker = subprocess.Popen(
        [sys.executable, "-m", "sanshe.engine.classify.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **threads},
    )
    assert worker.stdin
    with suppress(OSError):  # it died at once; `ask` will notice
        worker.stdin.write(len(model).to_bytes(8, "big") + model)
        worker.stdin.flush()
    return worker


def _ask(worker: subprocess.Popen[bytes], texts: Sequence[str]) -> list[Verdict]:
    assert worker.stdin and worker.stdout
    worker.stdin.write(json.dumps(list(texts)).encode() + b"\n")
    worker.stdin.flush()
    return [
        Verdict(label, confidence, tuple((a, p) for a, p in others), safety, tuple(because))
        for label, confidence, others, safety, because in json.loads(worker.stdout.readline())
    ]
