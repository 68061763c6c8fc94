"""Whether a model that learned from corrections may take the place of the one it came from.

Each is asked about the same texts, and none of them about a text it has learned from: cross
validation scores both on what the first was taught, and the corrections are new to the first.
See docs/engine/learn.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

#: What may not fall, and the number of texts it is a share of.
MEASURES = (
    ("safety_recall", "harm"),
    ("safety_precision", "flags"),
    ("category", "needs"),
    ("top1", "needs"),
)
#: How far a share may fall and still count as chance, in standard errors of the difference between
#: two shares. Forty honest corrections moved the shares by half of one at most, so one is room
#: enough; and since the comparison is always with the first model, small falls never add up.
NOISE = 1.0


@dataclass(frozen=True)
class Loss:
    """A share that fell further than chance: on `base` or `new` texts, from before to after."""

    measure: str
    where: str
    texts: int
    before: float
    after: float


def losses(base: Mapping[str, float], learned: Mapping[str, float]) -> list[Loss]:
    """What the learned model does worse than its base; empty where it may be used.

    Args:
        base: scores of the model that learning began from.
        learned: scores of the model that `learn` made of it (base_…, new_…, was_…).
    """
    found = []
    for measure, count in MEASURES:
        found.append(
            _loss(measure, "base", learned.get(f"base_{count}", 0), base.get(measure),
                  learned.get(f"base_{measure}"))
        )  # fmt: skip
        # Where a person lifts a flag the text is not learned from, so precision says nothing here.
        if measure != "safety_precision":
            found.append(
                _loss(measure, "new", learned.get(f"new_{count}", 0),
                      learned.get(f"was_{measure}"), learned.get(f"new_{measure}"))
            )  # fmt: skip
    return [loss for loss in found if loss is not None]


def allowed_fall(before: float, texts: float) -> float:
    """How far a share of so many texts may fall by chance.

    One text right and one wrong are added, so that a share of 1 may fall at all.
    """
    likely = (before * texts + 1) / (texts + 2)
    return NOISE * sqrt(2 * likely * (1 - likely) / texts)


def _loss(
    measure: str, where: str, texts: float, before: float | None, after: float | None
) -> Loss | None:
    if not texts or before is None:
        return None
    # A share of nothing is none right: a model that raises no flag at all has lost them all.
    after = after or 0.0
    if after >= before - allowed_fall(before, texts):
        return None
    return Loss(measure, where, int(texts), before, after)
