"""Raw words as offices send them → clean words to store, with personal numbers masked.

Problem. Statements arrive full-width, in traditional script, with converter residue (服務(wù)),
invisible characters, and phone numbers nobody may keep in the open. Method: rewrite until
nothing changes, then mask; each masked piece keeps its original for whoever may see it.
`normalize(normalize(x).text)` changes nothing, nor does `hide(hide(x).text)`.
See docs/engine/normalize.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sanshe.engine.normalize.cleaning import clean, folded
from sanshe.engine.normalize.finding import Found, personal_numbers

__all__ = ["Normalized", "Span", "clean", "hide", "normalize"]


@dataclass(frozen=True, slots=True)
class Span:
    """A masked piece: `text[start:end]` stands for `original`."""

    start: int
    end: int
    original: str


@dataclass(frozen=True, slots=True)
class Normalized:
    """A text and what was masked in it, in order of appearance."""

    text: str
    masked: tuple[Span, ...] = ()

    @property
    def original(self) -> str:
        """The text with every masked piece put back."""
        parts, at = [], 0
        for span in self.masked:
            parts += [self.text[at : span.start], span.original]
            at = span.end
        return "".join([*parts, self.text[at:]])


def normalize(raw: str) -> Normalized:
    """Clean `raw` and mask personal numbers in it.

    Masked: mobile and landline numbers, resident IDs (18 and 15 digits), passports and permits,
    bank cards (16 to 19 digits that pass Luhn), e-mail addresses, WeChat and QQ accounts; numbers
    also where their digits are written as characters. Never: dates, times, amounts, 12-digit place
    codes, addresses.

    Cost: O(len(raw)); 100,000 short statements take about a second.
    """
    text = clean(raw)
    return _masked(text, personal_numbers(text))


def hide(text: str) -> Normalized:
    """Mask the same in words that are to stay as they were typed: line breaks, script, width.

    Cost: O(len(text)).
    """
    plain, places = folded(text)
    return _masked(text, _placed(personal_numbers(plain), places))


def _placed(found: Sequence[Found], places: Sequence[int]) -> Iterator[Found]:
    """What was found in folded words, where it stands in the words as typed."""
    free = 0
    for start, end, mask in found:
        # Signs such as ⒈ fold to two characters, so that two pieces may meet inside one sign.
        first, last = max(free, places[start]), places[end - 1] + 1
        if first < last:
            free = last
            yield first, last, mask


def _masked(text: str, found: Iterable[Found]) -> Normalized:
    parts: list[str] = []
    spans: list[Span] = []
    at = shift = 0
    for start, end, mask in found:
        parts += [text[at:start], mask]
        spans.append(Span(start + shift, start + shift + len(mask), text[start:end]))
        shift += len(mask) - (end - start)
        at = end
    return Normalized("".join([*parts, text[at:]]), tuple(spans))
