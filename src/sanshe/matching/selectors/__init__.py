"""Reading the matching app; never writes. The nouns have a module each."""

from sanshe.matching.selectors.offers import (
    needs_to_match,
    offer_imports_visible_to,
    offers_for,
    offers_visible_to,
    with_taken,
)
from sanshe.matching.selectors.runs import matches_visible_to, runs_visible_to

__all__ = [
    "matches_visible_to",
    "needs_to_match",
    "offer_imports_visible_to",
    "offers_for",
    "offers_visible_to",
    "runs_visible_to",
    "with_taken",
]
