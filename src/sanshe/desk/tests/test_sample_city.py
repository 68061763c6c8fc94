from datetime import date, timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.utils import timezone

from sanshe.accounts.models import User
from sanshe.desk.sample import accounts, seeding
from sanshe.desk.sample.accounts import PASSWORD, totp_code
from sanshe.matching.models import Offer
from sanshe.office.codes import LANGUAGES, OFFER_KINDS, TARGET_GROUPS
from sanshe.organizations.credit import fault_of
from sanshe.organizations.models import Kind, Organization, Role
from sanshe.organizations.selectors import scope_of
from sanshe.talent.models import Certificate, Worker
from sanshe.talent.rules import CertificateStatus, status_on
from sanshe.talent.services import full_period

pytestmark = pytest.mark.django_db


def seed(**options: object) -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def test_the_sample_city_comes_once() -> None:
    assert "146 offices" in seed(dry_run=True)
    assert not User.objects.exists()
    seed()
    counts = [m.objects.count() for m in (Organization, User, Worker, Offer, Certificate)]
    assert "nothing added" in seed()
    assert counts == [m.objects.count() for m in (Organization, User, Worker, Offer, Certificate)]


def test_every_role_has_an_account_that_reaches_something() -> None:
    seed()
    today = timezone.localdate()
    for role in Role:
        user = User.objects.get(username=role.value)
        assert scope_of(user, today).roles == {role}
        assert user.check_password(PASSWORD)
    one, two = (scope_of(User.objects.get(username=n), today) for n in ("sw", "sw2"))
    assert not one.organization_pks(Role.SW) & two.organization_pks(Role.SW)


def test_everything_is_labelled_as_sample() -> None:
    seed()
    assert not Organization.objects.filter(is_sample=False).exists()
    assert not Offer.objects.filter(is_sample=False).exists()


def test_every_community_has_its_committee() -> None:
    seed()
    assert Organization.objects.filter(kind=Kind.COMMITTEE).count() == 128
    assert Organization.objects.filter(kind=Kind.STATION).count() == 9
    assert 6 <= Organization.objects.filter(kind=Kind.AGENCY).count() <= 8


def test_sample_credit_codes_are_well_formed_and_different() -> None:
    seed()
    codes = list(Organization.objects.exclude(credit_code="").values_list("credit_code", flat=True))
    assert len(codes) == len(set(codes)) >= 10
    assert [fault_of(code) for code in codes] == [""] * len(codes)


def test_offers_reach_all_sixteen_fields_with_known_codes() -> None:
    seed()
    assert len(set(Offer.objects.values_list("need_types__field", flat=True))) == 16
    for row in seeding.rows("offers"):
        assert row["kind"] in OFFER_KINDS.labels
        assert set(row["target_groups"].split("|")) <= set(TARGET_GROUPS.labels)
        assert set(row["languages"].split("|")) <= set(LANGUAGES.labels)
        offer = Offer.objects.get(title=row["title"])
        assert {t.code for t in offer.need_types.all()} == set(row["leaf_codes"].split("|"))


def test_certificates_last_three_years_and_some_end_soon() -> None:
    seed()
    today = timezone.localdate()
    found = [status_on(certificate, today) for certificate in Certificate.objects.all()]
    assert {CertificateStatus.VALID, CertificateStatus.EXPIRING, CertificateStatus.EXPIRED} <= set(
        found
    )
    for certificate in Certificate.objects.all():
        assert full_period(certificate.valid_from) == certificate.valid_to


@pytest.mark.parametrize("last", [date(2028, 2, 28), date(2028, 2, 29), date(2027, 2, 28)])
def test_a_leap_day_breaks_no_certificate(last: date) -> None:
    first = seeding._three_years_before(last)
    assert abs((full_period(first) - last).days) <= 1
    assert last - first > timedelta(days=1090)


def test_administrators_have_a_second_factor_whose_code_is_taken() -> None:
    seed()
    for name in accounts.ADMINISTRATORS:
        own = Authenticator.objects.get(user__username=name, type=Authenticator.Type.TOTP)
        assert TOTP(own).validate_code(totp_code(name))
    out = StringIO()
    call_command("sample_code", "sec", stdout=out)
    assert len(out.getvalue().strip()) == 6


def test_what_people_changed_survives_the_next_run() -> None:
    seed()
    user = User.objects.get(username="sw")
    user.set_password("another-password-1")
    user.save()
    Offer.objects.filter(title="四点半课堂").update(capacity=3)
    Organization.objects.filter(name="石狮市纸飞机社工服务中心").update(phone="0595-12345678")
    seed()
    user.refresh_from_db()
    assert user.check_password("another-password-1")
    assert Offer.objects.get(title="四点半课堂").capacity == 3
    assert Organization.objects.filter(phone="0595-12345678").count() == 1


def test_production_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanshe.desk.management.commands.seed_demo.is_production", lambda: True)
    with pytest.raises(CommandError, match="production"):
        seed()
    assert not User.objects.exists()
