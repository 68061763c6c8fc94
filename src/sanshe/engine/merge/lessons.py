"""What merging learns from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sentence and what it is about. `matter` is any name, unique over all leaves and places.

    `place` and `label` say with which others it is compared; `writer` keeps folds apart.
    """

    text: str
    matter: str
    label: str
    writer: str
    place: str = ""
