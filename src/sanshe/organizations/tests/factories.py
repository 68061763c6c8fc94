"""Organisations, roles, and the standing cast of the tests."""

from dataclasses import dataclass
from datetime import date

from sanshe.accounts.models import User
from sanshe.accounts.tests.factories import make_user
from sanshe.organizations.models import (
    ORGANIZATION_ROLES,
    PLACE_ROLES,
    Kind,
    Membership,
    Organization,
    Role,
)
from sanshe.places.models import Division
from sanshe.places.tests.factories import (
    GARDEN_CITY,
    OTHER_COMMUNITY,
    OTHER_TOWN_VILLAGE,
    make_division,
)

#: Where a role acts when a test does not say.
HOME = {
    Role.CITY: "350581000000",
    Role.CIVIL: "350581000000",
    Role.TOWN: "350581001000",
    Role.STATION: "350581001000",
    Role.COMM: GARDEN_CITY,
    Role.RES: GARDEN_CITY,
}
KINDS = {
    Role.CORG: Kind.COMMUNITY_ORG,
    Role.VOL: Kind.COMMUNITY_ORG,
    Role.DONOR: Kind.ENTERPRISE,
    Role.EVAL: Kind.ASSOCIATION,
}


def make_organization(
    name: str = "晨光社工服务中心",
    *,
    kind: Kind = Kind.AGENCY,
    division: Division | str = GARDEN_CITY,
    credit_code: str = "",
) -> Organization:
    """An organisation; the same name again is the same organisation."""
    place = division if isinstance(division, Division) else make_division(division)
    organization, _ = Organization.objects.get_or_create(
        name=name,
        defaults={
            "kind": kind,
            "division": place,
            "credit_code": credit_code,
            "contact": "陈小满",
            "phone": "13805950000",
        },
    )
    return organization


def make_member(
    role: Role,
    *,
    user: User | None = None,
    organization: Organization | None = None,
    division: Division | str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> User:
    """A person in a role: a new user named after it, in its usual place or organisation."""
    user = user or make_user(role.value)
    if role in PLACE_ROLES:
        division = division or HOME[role]
    elif role in ORGANIZATION_ROLES:
        organization = organization or (
            make_organization(f"测试{role.label}所属组织", kind=KINDS[role])
            if role in KINDS
            else make_organization()
        )
    Membership.objects.get_or_create(
        user=user,
        role=role,
        organization=organization,
        division=make_division(division) if isinstance(division, str) else division,
        defaults={"since": since, "until": until},
    )
    return user


@dataclass(frozen=True)
class Cast:
    """The standing cast: two sides that work together, and strangers to both."""

    community: Division
    agency: Organization
    community_worker: User
    manager: User
    supervisor: User
    social_worker: User
    town_officer: User
    other_community: Division
    other_agency: Organization
    stranger: User
    """A social worker of another agency."""
    strange_community_worker: User
    """Of another community in another town."""


def make_cast() -> Cast:
    """花园城社区 with 晨光, and strangers from another agency and another town."""
    agency = make_organization()
    other_agency = make_organization("远山社工服务中心", division=OTHER_COMMUNITY)
    return Cast(
        community=make_division(),
        agency=agency,
        community_worker=make_member(Role.COMM),
        manager=make_member(Role.AGENCY, organization=agency),
        supervisor=make_member(Role.SUPV, organization=agency),
        social_worker=make_member(Role.SW, organization=agency),
        town_officer=make_member(Role.TOWN),
        other_community=make_division(OTHER_TOWN_VILLAGE),
        other_agency=other_agency,
        stranger=make_member(Role.SW, user=make_user("stranger"), organization=other_agency),
        strange_community_worker=make_member(
            Role.COMM, user=make_user("strange_comm"), division=OTHER_TOWN_VILLAGE
        ),
    )
