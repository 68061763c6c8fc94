import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sanshe.core.models import HistoryLine
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import make_member
from sanshe.places.tests.factories import GARDEN_CITY, make_division

pytestmark = pytest.mark.django_db


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(make_member(role))
    return client


def make_communities(count: int) -> None:
    for number in range(1, count + 1):
        make_division(f"3505810010{number:02d}")


@pytest.mark.parametrize("name", ["list", "detail", "residents"])
def test_a_signed_out_person_is_sent_to_the_sign_in_page(client: Client, name: str) -> None:
    make_division()
    address = reverse(f"places:{name}", args=[] if name == "list" else [GARDEN_CITY])
    assert client.get(address).status_code == 302


def test_the_list_shows_the_communities_of_my_county() -> None:
    client = signed_in(Role.COMM)
    make_division("350582001004")
    page = client.get(reverse("places:list"))
    assert "花园城社区" in page.text
    assert "350582001004" not in page.text


def test_the_list_filters_by_town_and_by_name() -> None:
    client = signed_in(Role.CITY)
    make_division(GARDEN_CITY)
    make_division("350581102202")
    by_town = client.get(reverse("places:list"), {"town": "350581102000"}).text
    assert "锦江村" in by_town and "花园城社区" not in by_town
    by_name = client.get(reverse("places:list"), {"q": "花园"}).text
    assert "锦江村</strong>" not in by_name and "花园城社区" in by_name


def test_a_list_with_no_result_says_what_to_do() -> None:
    client = signed_in(Role.COMM)
    assert "去掉筛选条件" in client.get(reverse("places:list"), {"q": "没有此地"}).text


def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    client = signed_in(Role.CITY)
    client.get(reverse("places:list"))
    counts = []
    for rows in (2, 20):
        make_communities(rows)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("places:list"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


@pytest.mark.parametrize(
    ("role", "code", "status"),
    [
        (Role.CITY, GARDEN_CITY, 200),
        (Role.CIVIL, GARDEN_CITY, 200),
        (Role.TOWN, GARDEN_CITY, 200),
        (Role.TOWN, "350581102202", 403),
        (Role.COMM, GARDEN_CITY, 403),
        (Role.SW, GARDEN_CITY, 403),
    ],
)
def test_only_city_and_town_enter_residents_and_only_at_home(
    role: Role, code: str, status: int
) -> None:
    client = signed_in(role)
    make_division(code)
    assert client.get(reverse("places:residents", args=[code])).status_code == status
    assert client.post(
        reverse("places:residents", args=[code]), {"residents": 1, "residents_source": "x"}
    ).status_code == (302 if status == 200 else 403)


def test_residents_need_a_source_and_leave_a_line_of_history() -> None:
    client = signed_in(Role.TOWN)
    address = reverse("places:residents", args=[GARDEN_CITY])
    make_division()
    refused = client.post(address, {"residents": 5200})
    assert refused.status_code == 422
    assert "人口数据来源" in refused.text
    client.post(address, {"residents": 5200, "residents_source": "2026年3月网格统计"})
    division = make_division()
    assert division.residents == 5200
    line = HistoryLine.objects.get(subject="places.division", subject_pk=GARDEN_CITY)
    assert line.changes["residents"] == [None, 5200]


def test_who_has_no_role_and_who_reads_logs_see_no_place() -> None:
    client = signed_in(Role.AUD)
    make_division()
    response = client.get(reverse("places:detail", args=[GARDEN_CITY]))
    assert response.status_code in {302, 404}
    assert "花园城" not in response.text
