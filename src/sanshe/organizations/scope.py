"""What a person's memberships add up to. Plain data, computed once a request."""

from dataclasses import dataclass, field

from sanshe.organizations.models import Role


@dataclass(frozen=True)
class Scope:
    """Roles, and for each role the places (code prefixes) and organisations it reaches.

    An empty Scope reaches nothing: a signed-out person has one.
    """

    roles: frozenset[str] = frozenset()
    places: dict[str, frozenset[str]] = field(default_factory=dict)
    organizations: dict[str, frozenset[int]] = field(default_factory=dict)
    user_pk: int | None = None

    def has(self, *roles: str) -> bool:
        """Whether any of the roles is held."""
        return any(role in self.roles for role in roles)

    def prefixes(self, *roles: str) -> frozenset[str]:
        """Code prefixes reached in any of the roles."""
        return frozenset().union(*(self.places.get(role, frozenset()) for role in roles))

    def organization_pks(self, *roles: str) -> frozenset[int]:
        """Organisations acted for in any of the roles."""
        return frozenset().union(*(self.organizations.get(role, frozenset()) for role in roles))

    def covers(self, code: str, *roles: str) -> bool:
        """Whether a place lies inside what the roles reach."""
        return any(code.startswith(prefix) for prefix in self.prefixes(*roles))


NOBODY = Scope()
STAFF = (Role.AGENCY, Role.SUPV, Role.SW)
