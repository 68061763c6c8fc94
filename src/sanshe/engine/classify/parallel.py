"""Many texts over all cores: workers are programs of their own, so nothing of the caller is shared.

A worker (`python -m sanshe.engine.classify.parallel`) reads a model, then one JSON list of texts
per line, and answers each with one JSON list of verdicts. Verdicts are the same wherever they
are made.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import astuple, replace
from queue import SimpleQueue
from typing import IO

import numpy as np

from sanshe.engine.classify.model import Model, Verdict

#: Fewer different texts than this are done before a worker has started.
ENOUGH = 8000
_MOST_WORKERS = 8


def spread(model: Model, texts: Sequence[str], size: int) -> Iterator[dict[str, Verdict]]:
    """Verdict per text, for consecutive pieces of `texts`."""
    pieces = [texts[at : at + size] for at in range(0, len(texts), size)]
    workers = min(_cores(), _MOST_WORKERS)
    if len(texts) < ENOUGH or workers < 2 or not len(model.points):
        for piece in pieces:
            yield dict(zip(piece, model.classify_here(piece), strict=True))
        return
    slim = replace(model, rows=(), vectors=np.zeros((0, 0), dtype=np.float32)).to_bytes()
    crew = [_start(slim) for _ in range(workers)]
    free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
    for worker in crew:
        free.put(worker)

    def ask(piece: Sequence[str]) -> dict[str, Verdict]:
        worker = free.get()
        try:
            verdicts = _ask(worker, piece)
        except (OSError, ValueError):  # the worker died: do its work here
            verdicts = model.classify_here(piece)
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
        [sys.executable, "-m", "sanshe.engine.classify.parallel"],
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


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Be a worker: a model, then texts by the line, until the caller hangs up."""
    length = int.from_bytes(source.read(8), "big")
    model = Model.from_bytes(source.read(length))
    for line in source:
        verdicts = model.classify_here(json.loads(line))
        sink.write(json.dumps([astuple(verdict) for verdict in verdicts]).encode() + b"\n")
        sink.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
