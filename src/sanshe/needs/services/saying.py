"""How the history names statements."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

_MOST = 50


def statements_note(ordinals: Sequence[int]) -> str:
    """原话 #3、#15; a very long list is cut, with its length."""
    named = _("、").join(f"#{ordinal}" for ordinal in sorted(ordinals)[:_MOST])
    if len(ordinals) > _MOST:
        return _("原话 %(named)s 等 %(number)s 条") % {"named": named, "number": len(ordinals)}
    return _("原话 %(named)s") % {"named": named}
