"""Reading the needs app; never writes. The nouns have a module each."""

from sanshe.needs.selectors.needs import needs_visible_to
from sanshe.needs.selectors.statements import statements_visible_to
from sanshe.needs.selectors.studies import studies_visible_to

__all__ = ["needs_visible_to", "statements_visible_to", "studies_visible_to"]
