"""Named events for effects that may fail alone, announced after the commit.

Rules of the field are direct calls; this is only for work such as learning again or a notice.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from functools import partial

from django.db import transaction

log = logging.getLogger(__name__)
Handler = Callable[[int], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)


def subscribe(event: str, handler: Handler) -> None:
    """Call `handler(pk)` after each `event`; done once, in an app's `ready`."""
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


def announce(event: str, pk: int) -> None:
    """Tell the subscribers once the running transaction has been committed."""
    transaction.on_commit(partial(_deliver, event, pk))


def _deliver(event: str, pk: int) -> None:
    for handler in _handlers[event]:
        try:
            handler(pk)
        except Exception:
            # One failing effect must not undo or hide what people have done.
            log.exception("event %s for %s: %s failed", event, pk, handler)
