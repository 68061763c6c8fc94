"""Who may read and change the tree of needs."""

from sanshe.places.rules import Reach


def may_see_taxonomy(reach: Reach) -> bool:
    """The tree is no secret; only who has no role here, or reads nothing but logs, is left out."""
    return bool(reach.roles - {"aud"})


def may_edit_taxonomy(reach: Reach) -> bool:
    """The system administrator keeps names and keywords."""
    return reach.has("sys")
