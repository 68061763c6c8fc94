"""One of the programs that `parallel` starts.

It reads a model, then one JSON list of texts per line, and answers each with one JSON list of
verdicts.
"""

import json
import sys
from dataclasses import astuple
from typing import IO

from sanshe.engine.classify.store import unpack


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Classify until the caller hangs up."""
    length = int.from_bytes(source.read(8), "big")
    model = unpack(source.read(length))
    for line in source:
        verdicts = model.classify(json.loads(line))
        sink.write(json.dumps([astuple(verdict) for verdict in verdicts]).encode() + b"\n")
        sink.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
