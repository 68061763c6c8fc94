import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sanshe.core.models import HistoryLine
from sanshe.organizations.credit import clean_credit_code, fault_of
from sanshe.organizations.models import Kind, Organization, Role
from sanshe.organizations.tests.factories import make_cast, make_member, make_organization
from sanshe.places.tests.factories import GARDEN_CITY, make_division

pytestmark = pytest.mark.django_db
GOOD = "52350581MJ0B123423"


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(make_member(role))
    return client


def said(**changes: object) -> dict[str, object]:
    return {
        "kind": "agency", "name": "新芽社工服务中心", "credit_code": GOOD,
        "place": "花园城社区", "phone": "0595-88880000", **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "part"),
    [
        (GOOD, ""),
        ("51350581500300018Y", ""),
        ("52350581MJ0B12342", "18 位，现在是 17 位"),
        ("52350581MI0B123423", "“I”"),
        ("5235058XMJ0B123423", "区划代码"),
        ("52350581MJ0B123432", "校验位"),
        ("52350581MJ0B123424", "校验位"),
    ],
)
def test_what_is_wrong_with_a_credit_code_is_said(code: str, part: str) -> None:
    fault = fault_of(code)
    assert part in fault
    assert bool(fault) is bool(part)


def test_a_credit_code_is_taken_as_offices_write_it() -> None:
    assert clean_credit_code(" ５２３５０５８１-mj0b123423 ") == GOOD


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.CIVIL, 200), (Role.TOWN, 200), (Role.CITY, 403), (Role.COMM, 403),
        (Role.AGENCY, 403), (Role.SW, 403), (Role.RES, 403),
    ],
)  # fmt: skip
def test_civil_affairs_and_towns_enter_organisations(role: Role, status: int) -> None:
    assert signed_in(role).get(reverse("organizations:create")).status_code == status


def test_an_organisation_is_entered_with_history() -> None:
    client = signed_in(Role.CIVIL)
    make_division()
    response = client.post(reverse("organizations:create"), said())
    organization = Organization.objects.get(name="新芽社工服务中心")
    assert response.status_code == 302
    assert organization.division_id == GARDEN_CITY
    assert HistoryLine.objects.get(subject="organizations.organization").verb == "create"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"credit_code": "52350581MJ0B123424"}, "校验位不对"),
        ({"place": "没有此地"}, "没有这个地方"),
        ({"phone": "12345"}, "请填手机号"),
        ({"grade_until": "2030-01-01"}, "就要选等级"),
        ({"registered_on": "2199-01-01"}, "登记日期不能晚于今天"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_reason(changes: dict[str, str], words: str) -> None:
    client = signed_in(Role.CIVIL)
    make_division()
    response = client.post(reverse("organizations:create"), said(**changes))
    assert response.status_code == 422
    assert words in response.text
    assert not Organization.objects.exists()


def test_a_credit_code_belongs_to_one_organisation() -> None:
    make_organization("先来的机构", credit_code=GOOD)
    response = signed_in(Role.CIVIL).post(reverse("organizations:create"), said())
    assert response.status_code == 422
    assert "信用代码" in response.text


def test_a_town_enters_community_organisations_of_its_own_only() -> None:
    client = signed_in(Role.TOWN)
    make_division("350581102202")
    own = said(kind="community_org", name="花园城舞蹈队", credit_code="")
    elsewhere = said(kind="community_org", name="锦江队", credit_code="", place="锦江村")
    make_division()
    assert client.post(reverse("organizations:create"), elsewhere).status_code == 422
    assert client.post(reverse("organizations:create"), said()).status_code == 422
    assert client.post(reverse("organizations:create"), own).status_code == 302


def test_a_manager_changes_the_address_but_not_the_name() -> None:
    cast = make_cast()
    client = Client()
    client.force_login(cast.manager)
    address = reverse("organizations:edit", args=[cast.agency.pk])
    response = client.post(address, {"name": "改名", "address": "花园路 1 号", "phone": ""})
    cast.agency.refresh_from_db()
    assert response.status_code == 302
    assert (cast.agency.name, cast.agency.address) == ("晨光社工服务中心", "花园路 1 号")
    other = reverse("organizations:edit", args=[cast.other_agency.pk])
    assert client.get(other).status_code == 403
    assert client.post(other, {"address": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.COMM, True), (Role.SW, True), (Role.TOWN, True), (Role.RES, False),
        (Role.VOL, False), (Role.SYS, False), (Role.SEC, False),
    ],
)  # fmt: skip
def test_contacts_are_shown_to_people_at_work_only(role: Role, sees: bool) -> None:
    organization = make_organization("远山社工服务中心")
    page = signed_in(role).get(organization.get_absolute_url(), follow=False)
    assert ("13805950000" in page.text) is sees


def test_the_list_is_narrowed_by_name_kind_and_place() -> None:
    client = signed_in(Role.CITY)
    make_organization("甲机构")
    make_organization("乙企业", kind=Kind.ENTERPRISE, division="350581102202")
    address = reverse("organizations:list")
    for query, shown in (
        ({"q": "甲"}, "甲机构"),
        ({"kind": "enterprise"}, "乙企业"),
        ({"place": "350581102"}, "乙企业"),
        ({"place": GARDEN_CITY}, "甲机构"),
    ):
        page = client.get(address, query).text
        assert shown in page
        assert ({"甲机构", "乙企业"} - {shown}).pop() not in page
    assert "去掉筛选条件" in client.get(address, {"q": "丙"}).text


def test_the_list_costs_the_same_for_two_rows_and_for_twenty() -> None:
    client = signed_in(Role.CITY)
    client.get(reverse("organizations:list"))
    counts = []
    for rows in (2, 20):
        for number in range(rows):
            make_organization(f"机构{number}")
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("organizations:list"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("name", ["list", "create", "members"])
def test_signed_out_people_get_no_page(client: Client, name: str) -> None:
    assert client.get(reverse(f"organizations:{name}")).status_code == 302


def test_an_organisation_of_another_prefecture_is_not_found() -> None:
    far = make_organization("厦门社工服务中心", division="350203001001")
    client = signed_in(Role.CIVIL)
    for name in ("detail", "edit", "members"):
        assert client.get(reverse(f"organizations:{name}", args=[far.pk])).status_code == 404
