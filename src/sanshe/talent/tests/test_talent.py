from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sanshe.accounts.models import User
from sanshe.accounts.tests.factories import make_user
from sanshe.core.errors import BadEntry, NotPermitted
from sanshe.core.models import HistoryLine
from sanshe.organizations.models import Role
from sanshe.organizations.selectors import scope_of
from sanshe.organizations.tests.factories import make_cast, make_member, make_organization
from sanshe.talent.models import CertificateLevel
from sanshe.talent.rules import CertificateStatus, best_status, check_status, status_on
from sanshe.talent.selectors import certified_count, eligibility_of, workers_visible_to
from sanshe.talent.services import add_certificate, full_period
from sanshe.talent.tests.factories import make_certificate, make_worker

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [
        (date(2024, 1, 1), date(2026, 12, 31), CertificateStatus.VALID),
        (TODAY, date(2029, 3, 9), CertificateStatus.VALID),
        (date(2023, 6, 9), TODAY + timedelta(days=91), CertificateStatus.VALID),
        (date(2023, 6, 9), TODAY + timedelta(days=90), CertificateStatus.EXPIRING),
        (date(2023, 3, 11), TODAY, CertificateStatus.EXPIRING),
        (date(2023, 3, 10), TODAY - timedelta(days=1), CertificateStatus.EXPIRED),
        (TODAY + timedelta(days=1), date(2029, 3, 10), CertificateStatus.FUTURE),
    ],
)
def test_what_a_certificate_is_worth_on_a_day(
    since: date, until: date, status: CertificateStatus
) -> None:
    certificate = make_certificate(make_worker(), valid_from=since, valid_to=until)
    assert status_on(certificate, TODAY) == status


def test_the_best_certificate_counts() -> None:
    worker = make_worker()
    old = make_certificate(worker, valid_from=date(2020, 1, 1), valid_to=date(2022, 12, 31))
    new = make_certificate(worker)
    assert best_status([old, new], TODAY) == CertificateStatus.VALID
    assert best_status([old], TODAY) == CertificateStatus.EXPIRED
    assert best_status([], TODAY) == CertificateStatus.NONE


def test_the_background_check_expires_too() -> None:
    assert check_status(None, TODAY) == CertificateStatus.NONE
    assert check_status(TODAY - timedelta(days=1), TODAY) == CertificateStatus.EXPIRED
    assert check_status(TODAY + timedelta(days=30), TODAY) == CertificateStatus.EXPIRING
    assert check_status(TODAY + timedelta(days=31), TODAY) == CertificateStatus.VALID


def test_staff_is_counted_by_person_and_who_left_is_not() -> None:
    agency = make_organization()
    two = make_worker("两证", organization=agency)
    make_certificate(two)
    make_certificate(two, level=CertificateLevel.SENIOR)
    make_certificate(make_worker("到期", organization=agency), valid_to=TODAY)
    make_worker("无证", organization=agency)
    make_certificate(make_worker("离职", organization=agency, left_on=TODAY))
    found = eligibility_of(agency.pk, TODAY)
    assert (found.staff, found.certified, found.expiring) == (3, 2, 1)
    assert found.enough and found.share == pytest.approx(2 / 3)
    assert certified_count(agency.pk, TODAY) == 2
    assert not eligibility_of(make_organization("空机构").pk, TODAY).enough


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [
        (Role.CITY, True, True), (Role.CIVIL, True, True), (Role.TOWN, False, False),
        (Role.COMM, False, False), (Role.STATION, False, False), (Role.AGENCY, True, False),
        (Role.SUPV, True, False), (Role.CORG, False, False), (Role.RES, False, False),
        (Role.SYS, False, False), (Role.SEC, False, False), (Role.AUD, False, False),
        (Role.EVAL, False, False), (Role.VOL, False, False), (Role.DONOR, False, False),
    ],
)  # fmt: skip
def test_who_reads_whose_file(role: Role, own: bool, other: bool) -> None:
    mine = make_worker("甲", organization=make_organization())
    theirs = make_worker("乙", organization=make_organization("远山社工服务中心"))
    visible = workers_visible_to(scope_of(make_member(role), TODAY))
    assert (mine in visible, theirs in visible) == (own, other)


def test_a_social_worker_reads_the_own_file_only() -> None:
    cast = make_cast()
    own = make_worker("甲", organization=cast.agency, user=cast.social_worker)
    make_worker("乙", organization=cast.agency)
    assert list(workers_visible_to(scope_of(cast.social_worker, TODAY))) == [own]


def test_a_certificate_lasts_three_years() -> None:
    assert full_period(date(2025, 6, 1)) == date(2028, 5, 31)
    assert full_period(date(2024, 2, 29)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("until", "taken"),
    [
        (None, True), (date(2028, 5, 31), True), (date(2028, 6, 1), True),
        (date(2030, 5, 31), False), (date(2028, 5, 30), False),
    ],
)  # fmt: skip
def test_only_a_period_of_three_years_is_taken(until: date | None, taken: bool) -> None:
    cast = make_cast()
    entry = {
        "worker": make_worker(organization=cast.agency), "level": CertificateLevel.ASSISTANT,
        "number": "2025001", "valid_from": date(2025, 6, 1), "valid_to": until,
        "actor": cast.manager, "on": TODAY,
    }  # fmt: skip
    if taken:
        assert add_certificate(**entry).valid_to >= date(2028, 5, 31)  # type: ignore[arg-type]
    else:
        with pytest.raises(BadEntry, match="三年"):
            add_certificate(**entry)  # type: ignore[arg-type]


def test_a_stranger_adds_no_certificate() -> None:
    cast = make_cast()
    with pytest.raises(NotPermitted):
        add_certificate(
            worker=make_worker(organization=cast.agency), level=CertificateLevel.SENIOR,
            number="1", valid_from=TODAY, valid_to=None, actor=cast.stranger, on=TODAY,
        )  # fmt: skip


def test_a_manager_opens_a_file_adds_and_removes_a_certificate() -> None:
    cast = make_cast()
    client = signed_in(cast.manager)
    response = client.post(
        reverse("talent:create"), {"name": "吴新", "languages": ["nan"], "username": "sw"}
    )
    assert response.status_code == 302
    address = response["Location"]
    worker = cast.social_worker.worker
    add = reverse("talent:certificate_add", args=[worker.pk])
    wrong = {
        "level": "senior",
        "number": "77",
        "valid_from": "2025-06-01",
        "valid_to": "2025-06-02",
    }
    refused = client.post(add, wrong)
    assert refused.status_code == 422
    assert "三年" in refused.text
    assert client.post(add, {**wrong, "valid_to": ""}).status_code == 302
    assert "高级社会工作师" in client.get(address).text
    certificate = worker.certificates.get()
    remove = reverse("talent:certificate_remove", args=[certificate.pk])
    assert client.get(remove).status_code == 405
    assert client.post(remove).status_code == 302
    assert not worker.certificates.exists()
    verbs = HistoryLine.objects.filter(subject="talent.worker").values_list("verb", flat=True)
    assert set(verbs) == {"create", "add_certificate", "remove_certificate"}


def test_a_social_worker_changes_the_own_languages_but_not_the_post() -> None:
    cast = make_cast()
    worker = make_worker(organization=cast.agency, user=cast.social_worker)
    client = signed_in(cast.social_worker)
    address = reverse("talent:edit", args=[worker.pk])
    assert client.post(address, {"languages": ["zh"], "post": "主任"}).status_code == 302
    worker.refresh_from_db()
    assert (worker.languages, worker.post) == (["zh"], "一线社工")


def test_one_account_has_one_file() -> None:
    cast = make_cast()
    make_worker("甲", organization=cast.agency, user=cast.social_worker)
    response = signed_in(cast.manager).post(
        reverse("talent:create"), {"name": "乙", "username": cast.social_worker.username}
    )
    assert response.status_code == 422
    assert "已经属于" in response.text


def test_certificate_numbers_are_masked_for_who_only_reads() -> None:
    cast = make_cast()
    worker = make_worker(organization=cast.agency)
    certificate = make_certificate(worker)
    address = worker.get_absolute_url()
    assert certificate.number in signed_in(cast.manager).get(address).text
    assert certificate.number not in signed_in(cast.supervisor).get(address).text
    assert signed_in(cast.stranger).get(address).status_code == 404
    assert signed_in(cast.community_worker).get(address).status_code == 404


def test_a_town_reads_numbers_by_agency_and_no_names() -> None:
    cast = make_cast()
    make_certificate(make_worker("不应出现", organization=cast.agency))
    page = signed_in(cast.town_officer).get(reverse("talent:list")).text
    assert cast.agency.name in page
    assert "不应出现" not in page


@pytest.mark.parametrize(
    ("status", "names"),
    [("valid", {"有效", "快到期"}), ("expiring", {"快到期"}), ("none", {"没证"})],
)
def test_the_list_is_narrowed_by_certificate(status: str, names: set[str]) -> None:
    cast = make_cast()
    today = timezone.localdate()
    make_certificate(
        make_worker("有效", organization=cast.agency), valid_to=today + timedelta(days=400)
    )
    make_certificate(
        make_worker("快到期", organization=cast.agency), valid_to=today + timedelta(days=20)
    )
    make_worker("没证", organization=cast.agency)
    page = signed_in(cast.manager).get(reverse("talent:list"), {"status": status}).text
    assert {
        name for name in ("有效", "快到期", "没证") if f"<strong>{name}</strong>" in page
    } == names


def test_the_list_costs_the_same_for_two_rows_and_for_twenty() -> None:
    cast = make_cast()
    client = signed_in(cast.manager)
    client.get(reverse("talent:list"))
    counts = []
    for rows in (2, 20):
        for number in range(rows):
            make_worker(f"社工{number}", organization=cast.agency)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("talent:list"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.COMM, 200), (Role.TOWN, 200), (Role.CIVIL, 200), (Role.AGENCY, 200),
        (Role.SW, 200), (Role.RES, 403), (Role.VOL, 403),
    ],
)  # fmt: skip
def test_buyers_and_the_agency_read_the_hints_on_eligibility(role: Role, status: int) -> None:
    agency = make_organization()
    make_certificate(make_worker("不应出现", organization=agency))
    page = signed_in(make_member(role)).get(reverse("talent:eligibility", args=[agency.pk]))
    assert page.status_code == status
    assert "不应出现" not in page.text


def test_another_agency_reads_no_hints_and_no_list_of_mine() -> None:
    cast = make_cast()
    client = signed_in(cast.stranger)
    address = reverse("talent:eligibility", args=[cast.agency.pk])
    assert client.get(address).status_code == 403
    assert signed_in(make_user("roleless")).get(reverse("talent:list")).status_code == 404
