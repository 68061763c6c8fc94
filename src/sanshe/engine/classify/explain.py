"""Why: the words of a text that spoke for a label."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

#: A character belongs to a deciding word from this share of the strongest character on.
_SHARE = 0.25
_LONGEST_WORD = 8


def deciding_words(text: str, gains: Mapping[str, float], most: int = 3) -> tuple[str, ...]:
    """Up to `most` pieces of `text` that spoke loudest for the label, the loudest first.

    `gains` says for every gram of the text what it added for this label above what it added for
    the average label. A gram's gain is spread over its characters; neighbouring characters that
    gained are one word.
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters change length; then places would not fit
        lowered = text
    weight = np.zeros(len(text))
    for at in range(len(lowered)):
        one = gains.get(lowered[at])
        if one is not None:
            weight[at] += one
        two = gains.get(lowered[at : at + 2]) if at + 1 < len(lowered) else None
        if two is not None:
            weight[at : at + 2] += two / 2
    return _runs(text, weight, most)


def _runs(text: str, weight: NDArray[np.float64], most: int) -> tuple[str, ...]:
    """The best stretches of characters that gained, two to eight long."""
    if not len(weight) or weight.max() <= 0:
        return ()
    gained = weight >= weight.max() * _SHARE
    found: list[tuple[float, str]] = []
    start = None
    for at in range(len(text) + 1):
        inside = at < len(text) and bool(gained[at]) and text[at].isalnum()
        if inside and start is None:
            start = at
        if start is not None and (not inside or at - start == _LONGEST_WORD):
            if at - start >= 2:
                found.append((float(weight[start:at].sum()), text[start:at]))
            start = at if inside else None
    found.sort(key=lambda pair: -pair[0])
    return tuple(dict.fromkeys(piece for _, piece in found))[:most]
