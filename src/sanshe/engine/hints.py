"""Which kinds of hints at harm a text holds, by name: a look at the evidence, not the verdict.

The verdict weighs these hints with the whole sentence (classify/harm.py); a text may be flagged
without any, and hold some without being flagged.
"""

from collections.abc import Sequence

from sanshe.engine.safety import signs

#: The first columns of `safety.signs`, in their order; several of them may be one kind.
KINDS = (
    "death", "death", "death", "death",
    "violence", "injury", "threat", "confined",
    "alone", "neglect", "touch", "bullying", "fear", "squalor",
)  # fmt: skip


def hints(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """For each text the kinds of hints it holds, each once, in the order of KINDS."""
    return [
        tuple(dict.fromkeys(kind for kind, found in zip(KINDS, row, strict=True) if found))
        for row in signs(texts)[:, : len(KINDS)]
    ]
