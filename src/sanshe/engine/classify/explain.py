"""Why: the words of a text that spoke for a label."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

import numpy as np

#: A word counts as deciding from this share of the strongest word on, per character.
_SHARE = 0.25
_LONGEST_PIECE = 8
#: Words that only hold a sentence together: they may stand inside a piece, never at its ends.
_HOLDING = frozenset("的地得了着过吗呢吧啊呀嘛哦啦么就都也还又才再很太和跟与把被给在是有这那个") | {
    *"我你他她它要会能想说讲来去到上下里从对为让叫一",
    "我们", "你们", "他们", "她们", "这个", "那个", "一个", "什么", "怎么", "因为", "所以", "但是",
}  # fmt: skip
#: Words that leave the hearer waiting for the next.
_NEVER_LAST = frozenset("不没别完好") | {"没有"}


def deciding_words(text: str, gains: Mapping[str, float], most: int = 3) -> tuple[str, ...]:
    """Up to `most` pieces of `text` that spoke loudest for the label, the loudest first.

    `gains` says for every gram of the text what it added for this label above what it added for
    the average label. A gram's gain is spread over its characters, a word has what its characters
    gained; neighbouring words that gained are one piece. A piece never begins or ends inside a
    word.
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
    found = sorted(_pieces(text, weight.tolist()), key=lambda piece: -piece[0])
    best: list[str] = []
    for _gain, piece in found:
        if not any(piece in better for better in best):
            best.append(piece)
    return tuple(best[:most])


_Word = tuple[str, float]


def _pieces(text: str, weight: list[float]) -> Iterator[tuple[float, str]]:
    """Each stretch of neighbouring words that gained, with its gain; no single characters."""
    words: list[_Word] = []
    at = 0
    for word in _cutter()(text, False):
        words.append((word, sum(weight[at : at + len(word)])))
        at += len(word)
    meant = [gain / len(word) for word, gain in words if _means(word)]
    least = max(meant, default=0.0) * _SHARE
    if least <= 0:
        return
    piece: list[_Word] = []
    for word, gain in [*words, ("", 0.0)]:
        gained = bool(word) and gain / len(word) >= least and word.isalnum()
        fits = sum(len(one) for one, _gain in piece) + len(word) <= _LONGEST_PIECE
        if piece and not (gained and fits):
            yield from _trimmed(piece)
            piece = []
        if gained:
            piece.append((word, gain))


def _trimmed(piece: list[_Word]) -> Iterator[tuple[float, str]]:
    """The piece without holding words at its ends, if two characters are left."""
    while piece and not _means(piece[0][0]):
        piece = piece[1:]
    while piece and (not _means(piece[-1][0]) or piece[-1][0] in _NEVER_LAST):
        piece = piece[:-1]
    words = "".join(word for word, _gain in piece)
    if len(words) >= 2:
        yield sum(gain for _word, gain in piece), words


def _means(word: str) -> bool:
    return word.isalnum() and not word.isdigit() and word not in _HOLDING


@cache
def _cutter() -> Callable[[str, bool], list[str]]:
    import rjieba  # loading the dictionary takes 0.1 s: only where reasons are wanted

    return rjieba.cut
