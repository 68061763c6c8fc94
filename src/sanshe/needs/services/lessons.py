"""What the classifier may learn from people's decisions, and how much of it.

Two things no correction may do: teach the model to overlook danger, and let one organisation
decide alone what everybody is proposed.
"""

from collections import Counter
from collections.abc import Sequence

from sanshe.engine.classify import CORRECTION_WEIGHT, NONE, Model, Row
from sanshe.needs.selectors.learning import Taught

#: The corrections of one organisation weigh at most this share of what the model was shipped with.
#: A share of the exemplars and not of all corrections: where one agency is at work and another has
#: only begun, the second must not silence the first.
ORGANIZATION_SHARE = 0.2


def lessons_of(taught: Sequence[Taught], shipped: Model) -> list[Row]:
    """The rows to learn from, one for each decision, in the same order."""
    texts = [one.text for one in taught]
    heard = [verdict.safety for verdict in shipped.classify(texts)]
    known = {row.text for row in shipped.rows if row.safety}
    weights = _weights(taught, shipped)
    return [
        Row(
            one.text,
            one.label or NONE,
            _safety(one, flagged, one.text in known),
            weights[one.organization],
        )
        for one, flagged in zip(taught, heard, strict=True)
    ]


def _safety(one: Taught, flagged: bool, known: bool) -> bool | None:
    """Danger is learned as a person says it; that there is none, only where nothing hints at it.

    A person clears a statement because they know the people behind it. The same words from another
    mouth may mean harm, so where the shipped model raises the flag their decision teaches nothing.
    """
    if one.safety or known:
        return True
    return None if flagged else False


def _weights(taught: Sequence[Taught], shipped: Model) -> dict[int, float]:
    """What a correction of each organisation counts: 1, or less where it has very many."""
    most = ORGANIZATION_SHARE * sum(row.weight for row in shipped.rows) / CORRECTION_WEIGHT
    counts = Counter(one.organization for one in taught)
    return {organization: min(1.0, most / count) for organization, count in counts.items()}
