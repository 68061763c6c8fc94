from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from sanshe.accounts.tests.factories import make_user
from sanshe.organizations.models import ORGANIZATION_ROLES, PLACE_ROLES, Membership, Role
from sanshe.organizations.scope import NOBODY
from sanshe.organizations.selectors import organizations_visible_to, scope_of
from sanshe.organizations.tests.factories import HOME, make_cast, make_member, make_organization
from sanshe.places.models import Division
from sanshe.places.tests.factories import GARDEN_CITY

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)


@pytest.mark.parametrize("role", sorted(PLACE_ROLES))
def test_a_place_role_reaches_its_place_by_prefix(role: Role) -> None:
    scope = scope_of(make_member(role), TODAY)
    assert scope.roles == {role}
    assert scope.prefixes(role) == {Division.objects.get(pk=HOME[role]).prefix}
    assert scope.organization_pks(role) == frozenset()


@pytest.mark.parametrize("role", sorted(ORGANIZATION_ROLES))
def test_an_organisation_role_reaches_its_organisation_and_no_place(role: Role) -> None:
    user = make_member(role)
    scope = scope_of(user, TODAY)
    assert scope.organization_pks(role) == {user.memberships.get().organization_id}
    assert scope.places == {}


@pytest.mark.parametrize("role", [Role.SYS, Role.SEC, Role.AUD])
def test_an_administrator_reaches_no_place_and_no_organisation(role: Role) -> None:
    scope = scope_of(make_member(role), TODAY)
    assert scope.roles == {role}
    assert not scope.places and not scope.organizations


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY + DAY, None, False),
        (None, TODAY - DAY, False),
        (TODAY - DAY, TODAY + DAY, True),
    ],
)
def test_a_membership_holds_from_its_first_through_its_last_day(
    since: date | None, until: date | None, holds: bool
) -> None:
    user = make_member(Role.SW, since=since, until=until)
    assert scope_of(user, TODAY).has(Role.SW) is holds


def test_an_inactive_account_reaches_nothing() -> None:
    user = make_member(Role.CITY, user=make_user("gone", active=False))
    assert scope_of(user, TODAY) == NOBODY


def test_a_signed_out_person_and_one_without_roles_reach_nothing() -> None:
    assert scope_of(AnonymousUser(), TODAY) == NOBODY
    assert not scope_of(make_user("new"), TODAY).roles


def test_two_roles_add_up_but_do_not_mix() -> None:
    user = make_member(Role.COMM)
    agency = make_organization()
    make_member(Role.SW, user=user, organization=agency)
    scope = scope_of(user, TODAY)
    assert scope.prefixes(Role.COMM) == {GARDEN_CITY}
    assert scope.prefixes(Role.SW) == frozenset()
    assert scope.organization_pks(Role.SW) == {agency.pk}
    assert not scope.organization_pks(Role.COMM)


def test_scope_costs_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    user = make_member(Role.COMM)
    for code in ("350581001001", "350581102202"):
        make_member(Role.COMM, user=user, division=code)
    with django_assert_num_queries(1):
        assert len(scope_of(user, TODAY).prefixes(Role.COMM)) == 3


BUSINESS = sorted(set(Role) - {Role.SYS, Role.SEC, Role.AUD, Role.EVAL})


@pytest.mark.parametrize("role", BUSINESS)
def test_the_register_of_the_prefecture_is_open_to_everyone_who_acts_there(role: Role) -> None:
    near = make_organization("晋江社工服务中心", division="350582001004")
    far = make_organization("厦门社工服务中心", division="350203001001")
    visible = organizations_visible_to(scope_of(make_member(role), TODAY))
    assert near in visible
    assert far not in visible


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.SYS, True), (Role.SEC, True), (Role.AUD, False), (Role.EVAL, False)]
)
def test_administrators_of_system_and_security_see_every_name_the_auditor_none(
    role: Role, sees: bool
) -> None:
    far = make_organization("厦门社工服务中心", division="350203001001")
    visible = organizations_visible_to(scope_of(make_member(role), TODAY))
    assert (far in visible) is sees


def test_nobody_sees_no_organisation() -> None:
    make_cast()
    assert not organizations_visible_to(NOBODY).exists()


def test_the_database_refuses_a_place_role_without_a_place() -> None:
    with pytest.raises(IntegrityError):
        Membership.objects.create(user=make_user(), role=Role.COMM)
