"""Who may see and keep places. Places stand below the roles, so a Scope is known by its shape."""

from typing import Protocol

#: Roles that keep the figures of their place (codes of organizations.Role).
KEEPERS = ("city", "civil", "town")


class Reach(Protocol):
    """What a person may reach; `organizations.scope.Scope` is one."""

    @property
    def roles(self) -> frozenset[str]: ...

    def has(self, *roles: str) -> bool: ...

    def prefixes(self, *roles: str) -> frozenset[str]: ...

    def covers(self, code: str, *roles: str) -> bool: ...


def may_see_places(reach: Reach) -> bool:
    """Divisions are public; only who has no role here, or reads nothing but logs, is left out."""
    return bool(reach.roles - {"aud"})


def may_set_residents(reach: Reach, code: str) -> bool:
    """City, civil affairs and town keep the number of residents inside their own place."""
    return reach.covers(code, *KEEPERS)
