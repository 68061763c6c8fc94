"""What changed between two texts, in the time a page may take however long they are."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Piece:
    """A stretch of text: `kind` is same, added or removed."""

    kind: str
    text: str


_SENTENCES = re.compile(r"[^。；！？\n]*[。；！？\n]?")
#: Stretches longer than this are shown as a whole: comparing letters costs the square of them.
_LETTERS = 1_500
#: Sentences less alike than this would fall into confetti.
_READABLE = 0.6
#: Comparisons of a sentence or letter of one text with one of the other, in all.
BUDGET = 3_000_000


@dataclass
class Effort:
    """Comparisons made; what would cost more than `BUDGET` is shown as a whole."""

    spent: int = 0

    def allows(self, old: Sequence[object], new: Sequence[object]) -> bool:
        """Whether two stretches may be compared; if so, it is counted.

        The worst case of `SequenceMatcher` is their product, times the number of pieces it finds.
        """
        cost = len(old) * len(new)
        if self.spent + cost > BUDGET:
            return False
        self.spent += cost
        return True


@dataclass
class _Pieces:
    effort: Effort
    found: list[Piece] = field(default_factory=list)

    def add(self, kind: str, text: str) -> None:
        if not text:
            return
        if self.found and self.found[-1].kind == kind:
            text = self.found.pop().text + text
        self.found.append(Piece(kind, text))

    def replaced(self, out: str, came: str) -> None:
        """Words in place of others: letter by letter where that shows a reader more."""
        small = len(out) + len(came) <= _LETTERS
        if out and came and small and self.effort.allows(out, came):
            matcher = SequenceMatcher(None, out, came, autojunk=False)
            if matcher.quick_ratio() > _READABLE and matcher.ratio() > _READABLE:
                for verb, i, j, k, m in matcher.get_opcodes():
                    if verb == "equal":
                        self.add("same", out[i:j])
                    else:
                        self.add("removed", out[i:j])
                        self.add("added", came[k:m])
                return
        self.add("removed", out)
        self.add("added", came)


def words_between(before: str, after: str, effort: Effort | None = None) -> tuple[Piece, ...]:
    """Two texts compared sentence by sentence, and inside changed sentences letter by letter.

    Sentences that stand once in both texts hold them together, so that only what lies between
    them is compared. Cost: O(n log n), and at most `BUDGET` comparisons.
    """
    effort = effort or Effort()
    old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    pieces = _Pieces(effort)
    i = k = 0
    for at, there in [*_anchors(old, new), (len(old), len(new))]:
        _between(old[i:at], new[k:there], pieces)
        if at < len(old):
            pieces.add("same", old[at])
        i, k = at + 1, there + 1
    return tuple(pieces.found)


def _between(old: Sequence[str], new: Sequence[str], pieces: _Pieces) -> None:
    pairs = list(zip(old, new, strict=False))
    head = next((n for n, (a, b) in enumerate(pairs) if a != b), len(pairs))
    ends = list(zip(reversed(old[head:]), reversed(new[head:]), strict=False))
    tail = next((n for n, (a, b) in enumerate(ends) if a != b), len(ends))
    pieces.add("same", "".join(old[:head]))
    _changed(old[head : len(old) - tail], new[head : len(new) - tail], pieces)
    pieces.add("same", "".join(old[len(old) - tail :]))


def _changed(old: Sequence[str], new: Sequence[str], pieces: _Pieces) -> None:
    """Sentences that neither begin nor end alike."""
    if not old or not new or not pieces.effort.allows(old, new):
        pieces.replaced("".join(old), "".join(new))
        return
    for verb, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if verb == "equal":
            pieces.add("same", "".join(old[i:j]))
        else:
            pieces.replaced("".join(old[i:j]), "".join(new[k:m]))


def _anchors(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where sentences stand that are once in each text, as many as keep their order.

    The longest increasing subsequence, as patience sorting finds it (Hunt and Szymanski,
    Communications of the ACM 20 (1977), 350-353).
    """
    once_old, once_new = Counter(old), Counter(new)
    where = {words: at for at, words in enumerate(new) if once_new[words] == 1}
    pairs = [(at, where[w]) for at, w in enumerate(old) if once_old[w] == 1 and w in where]
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_at, there) in enumerate(pairs):
        pile = bisect_left(ends, there)
        before.append(last[pile - 1] if pile else -1)
        if pile == len(ends):
            ends.append(there)
            last.append(index)
        else:
            ends[pile], last[pile] = there, index
    chain = []
    at = last[-1] if last else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return reversed(chain)
