"""A heading for what several people said: their own words, the part that most of them share."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

#: Longest title in characters; longer clauses are cut with an ellipsis.
LONGEST = 26
_SHORTEST = 6
_COMFORTABLE = 8

_BREAK = re.compile(r"[。！？；!?;\n…]+")
_PAUSE = re.compile(r"[，,、：:]+")
#: What people say before they come to the matter.
_OPENING = re.compile(
    r"^(?:嗯|啊|哎呀?|唉|诶|哦|那个|这个|就是说?|其实|反正|你看|说实话|老实说|我跟你说|我们?觉得|"
    r"我们?认为|我想说?|我们?希望|我们?建议|最好是?|能不能|可不可以|麻烦|请问|然后|还有|另外|"
    r"主要是?|现在|平时|[\s，,、“”\"'’‘·\-—])+"
)


def propose_title(texts: Sequence[str], *, longest: int = LONGEST) -> str:
    """The clause, among all that were said, that speaks for most of the texts.

    Args:
        texts: what the members of one group said; an empty one counts for nothing.
        longest: characters at most, an ellipsis included.

    Returns:
        One clause without its closing mark; empty where nothing was said. Ties go to the earlier
        text. Order matters only in ties.
    Cost: O(total length).
    """
    grams = [frozenset(_bigrams(text)) for text in texts]
    shared = Counter(gram for found in grams for gram in found)
    best, best_score = "", -1.0
    for text in texts:
        for clause in _clauses(text, longest):
            found = set(_bigrams(clause))
            if not found:
                continue
            # How many of the texts share a pair of characters, on average; long enough to be
            # a sentence, and not longer than needed.
            share = sum(shared[gram] for gram in found) / (len(found) * len(texts))
            fullness = min(1.0, len(clause) / _COMFORTABLE)
            score = share * fullness - 0.002 * max(0, len(clause) - _COMFORTABLE)
            if score > best_score + 1e-12:
                best, best_score = clause, score
    whole = (" ".join(text.split())[:longest] for text in texts)
    return best or next((text for text in whole if text), "")


def _clauses(text: str, longest: int) -> Iterator[str]:
    """Each sentence from its beginning: as many of its clauses as fit."""
    for sentence in _BREAK.split(text):
        taken = ""
        for part in (part.strip() for part in _PAUSE.split(_OPENING.sub("", sentence.strip()))):
            if not part:
                continue
            longer = f"{taken}，{part}" if taken else part
            if len(longer) > longest:
                break
            taken = longer
            if len(taken) >= _COMFORTABLE:
                yield taken
        if not taken and sentence.strip():
            taken = _OPENING.sub("", sentence.strip())[: longest - 1] + "…"
            yield taken
        elif _SHORTEST <= len(taken) < _COMFORTABLE:
            yield taken


def _bigrams(text: str) -> Iterator[str]:
    words = re.sub(r"[^\w]+", "", text)
    return (words[at : at + 2] for at in range(len(words) - 1))
