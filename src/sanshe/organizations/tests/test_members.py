from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sanshe.accounts.tests.factories import make_user
from sanshe.core.errors import BadEntry, NotNow, NotPermitted
from sanshe.core.models import HistoryLine
from sanshe.organizations.models import Membership, Role
from sanshe.organizations.selectors import scope_of
from sanshe.organizations.services import end_role, give_role
from sanshe.organizations.tests.factories import make_cast, make_member, make_organization
from sanshe.places.tests.factories import make_division

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


def test_the_security_administrator_gives_a_role_from_today() -> None:
    sec, new = make_member(Role.SEC), make_user("new")
    give_role(user=new, role=Role.COMM, division=make_division(), actor=sec, on=TODAY)
    assert scope_of(new, TODAY).has(Role.COMM)
    assert not scope_of(new, TODAY - timedelta(days=1)).has(Role.COMM)
    assert HistoryLine.objects.get(verb="give_role").actor == sec


def test_a_role_without_its_place_or_organisation_is_refused() -> None:
    sec, new = make_member(Role.SEC), make_user("new")
    with pytest.raises(BadEntry):
        give_role(user=new, role=Role.COMM, actor=sec, on=TODAY)
    with pytest.raises(BadEntry):
        give_role(user=new, role=Role.SW, actor=sec, on=TODAY)


def test_a_manager_gives_staff_roles_in_the_own_agency_only() -> None:
    cast, new = make_cast(), make_user("new")
    give_role(user=new, role=Role.SW, organization=cast.agency, actor=cast.manager, on=TODAY)
    assert scope_of(new, TODAY).organization_pks(Role.SW) == {cast.agency.pk}
    for role, organization in ((Role.SW, cast.other_agency), (Role.AGENCY, cast.agency)):
        with pytest.raises(NotPermitted):
            give_role(user=new, role=role, organization=organization, actor=cast.manager, on=TODAY)


@pytest.mark.parametrize("role", [Role.COMM, Role.SW, Role.CITY, Role.SYS])
def test_nobody_else_gives_roles(role: Role) -> None:
    giver, new = make_member(role), make_user("new")
    with pytest.raises(NotPermitted):
        give_role(user=new, role=Role.SW, organization=make_organization(), actor=giver, on=TODAY)


def test_nobody_gives_a_role_to_themself() -> None:
    sec = make_member(Role.SEC)
    with pytest.raises(NotPermitted, match="自己"):
        give_role(user=sec, role=Role.AUD, actor=sec, on=TODAY)


@pytest.mark.parametrize(
    ("held", "given", "refused"),
    [
        (Role.SYS, Role.AUD, True),
        (Role.SW, Role.SEC, True),
        (Role.AUD, Role.RES, True),
        (Role.SW, Role.RES, False),
    ],
)
def test_administrators_roles_stand_alone(held: Role, given: Role, refused: bool) -> None:
    sec = make_member(Role.SEC, user=make_user("guard"))
    user = make_member(held, user=make_user("person"))
    give = {"user": user, "role": given, "division": make_division(), "actor": sec, "on": TODAY}
    if refused:
        with pytest.raises(NotPermitted, match="三员分立"):
            give_role(**give)  # type: ignore[arg-type]
    else:
        assert give_role(**give).pk  # type: ignore[arg-type]


def test_a_role_ends_at_once_and_may_be_given_again() -> None:
    cast = make_cast()
    membership = cast.social_worker.memberships.get()
    end_role(membership=membership, actor=cast.manager, on=TODAY)
    assert not scope_of(cast.social_worker, TODAY).roles
    with pytest.raises(NotNow):
        end_role(membership=membership, actor=cast.manager, on=TODAY)
    give = {
        "user": cast.social_worker, "role": Role.SW, "organization": cast.agency,
        "actor": cast.manager, "on": TODAY,
    }  # fmt: skip
    give_role(**give)  # type: ignore[arg-type]
    assert scope_of(cast.social_worker, TODAY).has(Role.SW)
    with pytest.raises(NotNow):
        give_role(**give)  # type: ignore[arg-type]
    assert Membership.objects.filter(user=cast.social_worker).count() == 1


def test_the_last_security_administrator_stays() -> None:
    one, two = make_member(Role.SEC), make_member(Role.SEC, user=make_user("second"))
    end_role(membership=two.memberships.get(), actor=None, on=TODAY)
    with pytest.raises(NotPermitted):
        end_role(membership=one.memberships.get(), actor=one, on=TODAY)
    with pytest.raises(NotPermitted, match="至少"):
        end_role(membership=one.memberships.get(), actor=None, on=TODAY)


def page(client: Client, *args: int) -> str:
    return reverse("organizations:members", args=args)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.SEC, {200, 302}), (Role.AGENCY, {404}), (Role.CITY, {404}), (Role.RES, {404})],
)
def test_the_list_of_everybody_exists_for_the_security_administrator_only(
    role: Role, status: set[int]
) -> None:
    client = Client()
    client.force_login(make_member(role))
    # 302: administrators must set a second factor up first.
    assert client.get(page(client)).status_code in status


def test_a_manager_adds_and_ends_staff_on_the_page() -> None:
    cast = make_cast()
    make_user("new", name="新人")
    client = Client()
    client.force_login(cast.manager)
    address = page(client, cast.agency.pk)
    assert client.post(address, {"username": "nobody", "role": "sw"}).status_code == 422
    assert client.post(address, {"username": "new", "role": "sec"}).status_code == 422
    assert client.post(address, {"username": "new", "role": "sw"}).status_code == 302
    assert "新人" in client.get(address).text
    membership = Membership.objects.get(user__username="new")
    end = reverse("organizations:member_end", args=[membership.pk])
    assert client.get(end).status_code == 405
    assert "已结束新人" in client.post(end, follow=True).text
    assert "新人" not in client.get(address).text
    assert "新人" in client.get(address, {"ended": "on"}).text


def test_a_manager_cannot_reach_the_people_of_another_agency() -> None:
    cast = make_cast()
    client = Client()
    client.force_login(cast.manager)
    assert client.get(page(client, cast.other_agency.pk)).status_code == 403
    strange = cast.stranger.memberships.get()
    end = reverse("organizations:member_end", args=[strange.pk])
    assert client.post(end).status_code == 404
    own = cast.manager.memberships.get()
    assert client.post(reverse("organizations:member_end", args=[own.pk])).status_code == 403


def test_the_page_costs_the_same_for_two_rows_and_for_twenty() -> None:
    cast = make_cast()
    client = Client()
    client.force_login(cast.manager)
    client.get(page(client, cast.agency.pk))
    counts = []
    for rows in (2, 20):
        for number in range(rows):
            make_member(Role.SW, user=make_user(f"sw{number}"), organization=cast.agency)
        with CaptureQueriesContext(connection) as queries:
            client.get(page(client, cast.agency.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_a_role_ends_from_the_command_line_on_record() -> None:
    user = make_member(Role.AUD)
    call_command("end_role", "aud", "aud", stdout=StringIO())
    assert not scope_of(user, timezone.localdate()).roles
    assert HistoryLine.objects.get(verb="end_role").actor is None
    with pytest.raises(CommandError):
        call_command("end_role", "aud", "aud", stdout=StringIO())


def test_the_first_security_administrator_comes_from_the_command_line() -> None:
    user = make_user("li")
    call_command("give_role", "li", "sec", stdout=StringIO())
    assert user.memberships.get().role == Role.SEC
    with pytest.raises(CommandError):
        call_command("give_role", "nobody", "sec", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("give_role", "li", "comm", stdout=StringIO())
