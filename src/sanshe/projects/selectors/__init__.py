"""Reading proposals; never writes. The nouns have a module each."""

from sanshe.projects.selectors.proposals import (
    proposals_visible_to,
    rules_for,
    waiting_for,
)

__all__ = ["proposals_visible_to", "rules_for", "waiting_for"]
