"""What every command shares: one named problem, one result, one progress bar.

Results go to standard output, everything else to standard error. With `--format json` standard
output carries exactly one JSON object, also when something is wrong.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Protocol

import typer

from sanshe.cli.words import t


class Problem(Exception):
    """Something a person has to mend. `message` is one line saying what, where, what to do.

    Attributes:
        code: a stable English word for programs.
    """

    def __init__(self, code: str, chinese: str, english: str) -> None:
        self.code = code
        self.message = t(chinese, english)
        super().__init__(self.message)


class Format(StrEnum):
    """How a command prints its result."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[
    Format, typer.Option("--format", help=t("结果的形式：文字或 JSON", "Result as text or JSON"))
]


def asks_json(arguments: list[str]) -> bool:
    """Whether a command line asks for JSON; known before it is parsed, for problems in it."""
    return "--format=json" in arguments or any(
        pair == ("--format", "json") for pair in zip(arguments, arguments[1:], strict=False)
    )


def show(form: Format, data: Mapping[str, object], text: str) -> None:
    """The result of a command, in the form that was asked for."""
    if form is Format.JSON:
        text = json.dumps(data, ensure_ascii=False, indent=2, default=str)
    print(text, flush=True)


def say(text: str) -> None:
    """One line beside the result."""
    print(text, file=sys.stderr, flush=True)


class Step(Protocol):
    """Moves the bar: `step("classify", 0.3)`."""

    def __call__(self, what: str, share: float) -> None: ...


@dataclass
class _Silent:
    def __call__(self, what: str, share: float) -> None:
        return


class _Lines:
    """One line for each new stage."""

    said = ""

    def __call__(self, what: str, share: float) -> None:
        if what != self.said:
            self.said = what
            sys.stderr.write(f"{share:4.0%} {what}\n")
            sys.stderr.flush()


@contextmanager
def progress(*, lines: bool = False) -> Iterator[Step]:
    """A bar on a terminal; in a pipe nothing, or `lines` where the work takes minutes."""
    if not sys.stderr.isatty():
        yield _Lines() if lines else _Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def step(what: str, share: float) -> None:
            bar.update(task, description=what, completed=share)

        yield step
