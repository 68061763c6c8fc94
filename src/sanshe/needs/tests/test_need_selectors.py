"""Who sees which needs."""

import pytest

from sanshe.needs.models import NeedStatus
from sanshe.needs.selectors.needs import (
    informants_of,
    needs_visible_to,
    open_needs_of,
    safety_need_count,
    safety_needs_of,
)
from sanshe.needs.services.actors import scope_today
from sanshe.needs.tests.factories import make_need, make_study
from sanshe.organizations.models import Role
from sanshe.organizations.scope import NOBODY
from sanshe.organizations.tests.factories import make_cast, make_member, make_organization
from sanshe.places.tests.factories import OTHER_TOWN_VILLAGE, make_division

pytestmark = pytest.mark.django_db

ALL = {"ordinary", "safety", "planned"}
CALM = {"ordinary", "planned"}
PUBLIC = {"planned"}
NONE: set[str] = set()


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.CITY, CALM), (Role.CIVIL, CALM), (Role.TOWN, CALM), (Role.STATION, CALM),
        (Role.COMM, ALL), (Role.AGENCY, ALL), (Role.SUPV, ALL), (Role.SW, ALL),
        (Role.CORG, PUBLIC), (Role.VOL, PUBLIC), (Role.DONOR, PUBLIC), (Role.RES, PUBLIC),
        (Role.EVAL, NONE), (Role.SYS, NONE), (Role.SEC, NONE), (Role.AUD, NONE),
    ],
)  # fmt: skip
def test_what_each_role_sees_of_its_own_place_or_organisation(role, sees):
    study = make_study()
    needs = {
        make_need(study).pk: "ordinary",
        make_need(study, safety=True).pk: "safety",
        make_need(study, status=NeedStatus.PLANNED).pk: "planned",
    }
    organization = make_organization() if role in {Role.AGENCY, Role.SUPV, Role.SW} else None
    scope = scope_today(make_member(role, organization=organization))
    assert {needs[need.pk] for need in needs_visible_to(scope)} == sees


def test_nobody_and_strangers_see_nothing():
    make_need(make_study())
    cast = make_cast()
    assert not needs_visible_to(NOBODY).exists()
    assert not needs_visible_to(scope_today(cast.stranger)).exists()
    assert not needs_visible_to(scope_today(cast.strange_community_worker)).exists()


def test_a_town_sees_the_needs_of_its_own_town_only():
    elsewhere = make_need(make_study(community=make_division(OTHER_TOWN_VILLAGE)))
    scope = scope_today(make_member(Role.TOWN))
    assert not needs_visible_to(scope).filter(pk=elsewhere.pk).exists()


def test_open_needs_leave_out_what_was_merged_or_closed():
    study = make_study()
    main = make_need(study)
    make_need(study, status=NeedStatus.MERGED, merged_into=main)
    make_need(study, status=NeedStatus.CLOSED)
    assert list(open_needs_of(study)) == [main]


def test_safety_needs_wait_in_the_order_of_their_hour():
    study = make_study()
    first, second = make_need(study, safety=True), make_need(study, safety=True, voices=2)
    make_need(study, safety=True, status=NeedStatus.REFERRED)
    clocks = safety_needs_of(study)
    assert [clock.need for clock in clocks] == [first, second]
    assert (clocks[0].due_at - first.safety_since).total_seconds() == 24 * 3600
    assert safety_need_count(study) == 3


def test_informants_are_counted_for_the_main_need():
    study = make_study()
    main = make_need(study, voices=2)
    other = make_need(study, voices=3)
    other.status, other.merged_into = NeedStatus.MERGED, main
    other.save()
    assert informants_of([main])[main.pk] == {"resident": 5}
