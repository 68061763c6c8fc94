"""Who acts where, and which organisations a person may see."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Substr

from sanshe.accounts.http import Administrators
from sanshe.accounts.models import User
from sanshe.organizations.models import (
    ADMIN_ROLES,
    PLACE_ROLES,
    Kind,
    Membership,
    Organization,
    Role,
)
from sanshe.organizations.scope import NOBODY, Scope
from sanshe.places.models import Division, Level

#: Lists begin with those who act; committees are many and easily found by place.
_KINDS = (
    Kind.AGENCY,
    Kind.COMMUNITY_ORG,
    Kind.ASSOCIATION,
    Kind.FOUNDATION,
    Kind.ENTERPRISE,
    Kind.STATION,
    Kind.DEPARTMENT,
    Kind.COMMITTEE,
)
_KIND_ORDER = Case(
    *(When(kind=kind, then=Value(number)) for number, kind in enumerate(_KINDS)),
    default=Value(len(_KINDS)),
)
#: The register of organisations is public information inside a prefecture (first 4 digits).
REGISTER_DIGITS = 4


def memberships_on(on: date) -> QuerySet[Membership]:
    """The memberships that hold on a day; the last day counts."""
    return Membership.objects.filter(
        Q(since__isnull=True) | Q(since__lte=on), Q(until__isnull=True) | Q(until__gte=on)
    )


def scope_of(user: User | AnonymousUser, on: date) -> Scope:
    """What the memberships of a person add up to on a day. One query."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    places: dict[str, set[str]] = defaultdict(set)
    organizations: dict[str, set[int]] = defaultdict(set)
    roles = set()
    for membership in memberships_on(on).filter(user=user).select_related("division"):
        role = str(membership.role)
        roles.add(role)
        if membership.role in PLACE_ROLES and membership.division is not None:
            places[role].add(membership.division.prefix)
        if membership.organization_id is not None:
            organizations[role].add(membership.organization_id)
    return Scope(
        roles=frozenset(roles),
        places={role: frozenset(found) for role, found in places.items()},
        organizations={role: frozenset(found) for role, found in organizations.items()},
        user_pk=user.pk,
    )


def administrators_on(on: date) -> Administrators:
    """Who holds one of the three administrators' roles on a day. One query."""
    found = memberships_on(on).filter(role__in=sorted(ADMIN_ROLES))
    held = list(found.values_list("user_id", "user__is_active"))
    return Administrators(
        holders=frozenset(pk for pk, _active in held),
        at_work=frozenset(pk for pk, active in held if active),
    )


def organizations_visible_to(scope: Scope) -> QuerySet[Organization]:
    """The register of the prefecture for everyone who acts there; contacts are another matter
    (`rules.may_see_contacts`). SYS and SEC see every name; AUD and EVAL have no register.
    """
    if scope.has(Role.SYS, Role.SEC):
        return Organization.objects.all()
    own = frozenset().union(*scope.organizations.values()) if scope.organizations else frozenset()
    visible = Q(pk__in=own)
    for prefix in scope.prefixes(*PLACE_ROLES):
        visible |= Q(division__code__startswith=prefix[:REGISTER_DIGITS])
    at_work = scope.organization_pks(
        Role.AGENCY, Role.SUPV, Role.SW, Role.CORG, Role.VOL, Role.DONOR
    )
    if at_work:
        around = Organization.objects.filter(pk__in=at_work).values_list(
            Substr("division_id", 1, REGISTER_DIGITS)
        )
        visible |= Q(city__in=around)
    return Organization.objects.alias(city=Substr("division_id", 1, REGISTER_DIGITS)).filter(
        visible
    )


@dataclass(frozen=True)
class Wanted:
    """A filter of the register; `place` is a code prefix."""

    q: str = ""
    kind: str = ""
    place: str = ""


def register_of(scope: Scope, wanted: Wanted) -> QuerySet[Organization]:
    """The visible organisations that a filter asks for, with their places."""
    found = organizations_visible_to(scope).select_related("division", "division__parent")
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.place:
        found = found.filter(division__code__startswith=wanted.place)
    if wanted.q:
        found = found.filter(Q(name__icontains=wanted.q) | Q(credit_code__iexact=wanted.q))
    return found.order_by(_KIND_ORDER, "name", "pk")


def towns_of_register(scope: Scope) -> QuerySet[Division]:
    """The towns in which visible organisations stand."""
    codes = organizations_visible_to(scope).values_list(
        Concat(Substr("division_id", 1, 9), Value("000")), flat=True
    )
    return Division.objects.filter(level=Level.TOWN, code__in=codes).order_by("code")


def memberships_visible_to(scope: Scope) -> QuerySet[Membership]:
    """All of them for the security administrator; a manager's own agency for the manager."""
    memberships = Membership.objects.select_related(
        "user", "organization", "division", "division__parent"
    )
    if scope.has(Role.SEC):
        return memberships
    return memberships.filter(organization_id__in=scope.organization_pks(Role.AGENCY))
