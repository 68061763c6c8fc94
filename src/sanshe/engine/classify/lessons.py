"""What a classifier learns from."""

from dataclasses import dataclass

#: The label of rows that hold no need: greetings, no opinion, talk about the interview.
NONE = "NONE"
#: A correction made by a person counts as much as this many exemplars.
CORRECTION_WEIGHT = 3.0


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text; `safety` is None where nobody said."""

    text: str
    label: str
    safety: bool | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Leaf:
    """A label as the taxonomy describes it; keywords and name teach like short examples."""

    code: str
    parent: str
    name: str
    keywords: tuple[str, ...] = ()
