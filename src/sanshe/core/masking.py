"""Typed words on their way into the database: personal numbers are hidden, the typist is told.

Services pass through `masked` whatever people write about residents and others read: notes,
reasons, answers, remarks, titles, names of files. What is there to be called (the telephone of an
organisation) is kept. Statements have `needs.services.masking`, which seals the original; for all
other words nobody needs it, so it is not kept. See docs/decisions/0011-typed-words.md.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

from sanshe.engine.normalize import hide

Tell = Callable[[], object]
#: The reason of a move, an answer to residents.
LONGEST_NOTE = 1000
_waiting: ContextVar[list[Tell] | None] = ContextVar("waiting to be told", default=None)


def masked(text: str, *, most: int | None = None, quietly: bool = False) -> str:
    """`text` with personal numbers hidden, cut to `most` signs; all else stays as it was typed.

    Once it is stored, whoever is `listening` is told, unless the words are the program's own.
    """
    hidden = hide(text)
    if hidden.masked and not quietly:
        transaction.on_commit(_tell)
    # Cut afterwards: half a number would not be known for one.
    return hidden.text if most is None else hidden.text[:most]


@contextmanager
def listening(tell: Tell) -> Iterator[None]:
    """Call `tell` when numbers were hidden in words that were stored, once however many."""
    token = _waiting.set([tell])
    try:
        yield
    finally:
        _waiting.reset(token)


def _tell() -> None:
    if waiting := _waiting.get():
        waiting.pop()()
