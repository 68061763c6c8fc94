"""Who may do what with organisations and roles: pure predicates."""

from collections.abc import Iterable

from sanshe.organizations.models import (
    ADMIN_ROLES,
    Kind,
    Membership,
    Organization,
    Role,
)
from sanshe.organizations.scope import Scope

#: Roles whose work needs a name and a telephone number at an organisation.
_AT_WORK = (Role.CITY, Role.CIVIL, Role.TOWN, Role.COMM, Role.STATION, Role.AGENCY, Role.SUPV,
            Role.SW)  # fmt: skip
#: Roles that keep the entry of the organisation they act for.
_OWNERS = (Role.AGENCY, Role.CORG, Role.DONOR)
#: What a manager may give inside the own agency.
STAFF_ROLES = (Role.SUPV, Role.SW)


def may_create_organization(scope: Scope) -> bool:
    """Civil affairs any kind; a town the community organisations it files."""
    return scope.has(Role.CIVIL, Role.TOWN)


def kinds_to_create(scope: Scope) -> list[Kind]:
    """The kinds a person may enter."""
    if scope.has(Role.CIVIL):
        return list(Kind)
    return [Kind.COMMUNITY_ORG] if scope.has(Role.TOWN) else []


def may_create_at(scope: Scope, kind: str, code: str) -> bool:
    """Whether an organisation of this kind may be entered at this place."""
    return scope.covers(code, Role.CIVIL) or (
        kind == Kind.COMMUNITY_ORG and scope.covers(code, Role.TOWN)
    )


def may_edit_organization(scope: Scope, organization: Organization) -> bool:
    """Civil affairs, the town for what it files, and the organisation itself."""
    return organization.pk in scope.organization_pks(*_OWNERS) or may_create_at(
        scope, organization.kind, organization.division_id
    )


def may_change_identity(scope: Scope, organization: Organization) -> bool:
    """Kind, credit code, place and grade are the register's, not the organisation's own."""
    return may_create_at(scope, organization.kind, organization.division_id)


def may_see_contacts(scope: Scope, organization: Organization) -> bool:
    """Contact person and telephone: for people at work here, and for the organisation itself."""
    own = any(organization.pk in pks for pks in scope.organizations.values())
    return own or scope.has(*_AT_WORK)


def may_see_details(scope: Scope) -> bool:
    """Administrators of the system know names only (三员分立)."""
    return bool(scope.roles - ADMIN_ROLES)


def may_see_members(scope: Scope, organization: Organization) -> bool:
    """The security administrator, and the organisation's manager."""
    return scope.has(Role.SEC) or organization.pk in scope.organization_pks(Role.AGENCY)


def may_give_role(scope: Scope, role: str, organization_pk: int | None) -> bool:
    """The security administrator gives any role; a manager staff roles in the own agency."""
    if scope.has(Role.SEC):
        return True
    return role in STAFF_ROLES and organization_pk in scope.organization_pks(Role.AGENCY)


def may_end_role(scope: Scope, membership: Membership) -> bool:
    """Nobody ends a role of their own."""
    return membership.user_id != scope.user_pk and may_give_role(
        scope, membership.role, membership.organization_id
    )


def roles_clash(role: str, held: Iterable[str]) -> bool:
    """三员分立: an administrator's role stands alone, beside no other role of any kind."""
    others = set(held) - {role}
    return bool(others) and (role in ADMIN_ROLES or bool(others & ADMIN_ROLES))
