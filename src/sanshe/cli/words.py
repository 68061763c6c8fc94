"""The two languages of the command line, side by side.

Chinese unless the terminal says English (`LANG=en…`), or `SANSHE_LANG` says which. Catalogs are
for the web; here a sentence and its translation stand in one place.
"""

import os


def english() -> bool:
    """Whether this terminal wants English."""
    named = os.environ.get("SANSHE_LANG") or next(
        (os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), ""
    )
    return named.lower().startswith("en")


def t(chinese: str, other: str) -> str:
    """The sentence in the language of this terminal."""
    return other if english() else chinese
