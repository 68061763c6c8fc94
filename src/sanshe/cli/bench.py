"""`sanshe bench`: speed, memory and growth of the engine, against bare peers."""

import json
import math
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from sanshe.cli.console import Format, FormatOption, Problem, progress, show
from sanshe.cli.words import t

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "benchmarks" / "speed.py"


@dataclass(frozen=True)
class Bench:
    """Sizes for every day, larger ones for `--full`, and the largest the peer is asked for."""

    name: str
    sizes: tuple[int, ...]
    large: tuple[int, ...]
    peer_most: int
    peer: str


#: What is measured. A new engine module gets a line here and two functions in speed.py.
REGISTRY = (
    Bench("classify", (240, 2_000, 10_000), (100_000,), 100_000, "sklearn TF-IDF + LinearSVC"),
    Bench("merge", (240, 2_000, 10_000), (100_000,), 2_000, "sklearn agglomerative"),
    Bench("match", (1_000, 10_000, 30_000), (100_000,), 30_000, "OR-Tools, total fit only"),
)


@dataclass(frozen=True)
class Line:
    """One measurement; the exponent b of seconds ≈ size^b since the size before."""

    name: str
    size: int
    seconds: float
    megabytes: int
    peer_seconds: float | None
    growth: float | None


def run(
    full: Annotated[bool, typer.Option("--full", help=t("加上大规模", "Large sizes too"))] = False,
    only: Annotated[str | None, typer.Option(help=t("只测这一项", "Only this one"))] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    chosen = [bench for bench in REGISTRY if only in (None, bench.name)]
    if not chosen:
        raise typer.BadParameter(f"{only}: {', '.join(bench.name for bench in REGISTRY)}")
    lines: list[Line] = []
    with progress() as step:
        for number, bench in enumerate(chosen):
            before: tuple[int, float] | None = None
            for size in (*bench.sizes, *(bench.large if full else ())):
                step(f"{bench.name} {size:,}", number / len(chosen))
                seconds, megabytes = _measure(bench.name, size)
                peer = _measure(bench.name, size, "--peer")[0] if size <= bench.peer_most else None
                growth = None
                if before and before[1] > 0 and seconds > 0:
                    growth = math.log(seconds / before[1]) / math.log(size / before[0])
                before = (size, seconds)
                lines.append(Line(bench.name, size, seconds, megabytes, peer, growth))
    show(form, {"lines": [asdict(line) for line in lines]}, _table(lines))


def _measure(name: str, size: int, *options: str) -> tuple[float, int]:
    command = [sys.executable, "-P", "-X", "utf8", str(SCRIPT), name, str(size), *options]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise Problem(
            "bench", f"{name} {size} 没有测成：{last}", f"{name} {size} could not run: {last}"
        )
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return float(told["seconds"]), int(told["megabytes"])


def _table(lines: list[Line]) -> str:
    peers = {bench.name: bench.peer for bench in REGISTRY}
    shown = [f"{'':<9} {'n':>8} {'s':>9} {'MB':>6} {'n^b':>6}  peer"]
    for line in lines:
        growth = "" if line.growth is None else f"{line.growth:.2f}"
        peer = "" if line.peer_seconds is None else f"{line.peer_seconds:.3f} s {peers[line.name]}"
        shown.append(
            f"{line.name:<9} {line.size:>8,} {line.seconds:>9.3f} {line.megabytes:>6,} "
            f"{growth:>6}  {peer}"
        )
    return "\n".join(shown)
