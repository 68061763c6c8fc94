"""Who may read and change a social worker's file, and what a certificate is worth on a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sanshe.organizations.models import Role
from sanshe.organizations.scope import Scope
from sanshe.talent.models import Certificate, Worker

#: Re-registration is done in the three months before the certificate ends (domain.md 7.2).
RENEWAL_DAYS = 90
#: A background check that ends this soon is asked for again.
CHECK_DAYS = 30
#: Share of certified staff that buyers in 泉州 ask of a provider (2019).
CERTIFIED_SHARE = 1 / 3


class CertificateStatus(StrEnum):
    """What a certificate, or a person, counts for on a day."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    FUTURE = "future"
    NONE = "none"


#: The best of several comes first.
_ORDER = (
    CertificateStatus.VALID,
    CertificateStatus.EXPIRING,
    CertificateStatus.FUTURE,
    CertificateStatus.EXPIRED,
    CertificateStatus.NONE,
)


def status_on(certificate: Certificate, on: date) -> CertificateStatus:
    """Both ends count as valid days."""
    if on < certificate.valid_from:
        return CertificateStatus.FUTURE
    if on > certificate.valid_to:
        return CertificateStatus.EXPIRED
    if certificate.valid_to - on <= timedelta(days=RENEWAL_DAYS):
        return CertificateStatus.EXPIRING
    return CertificateStatus.VALID


def best_status(certificates: list[Certificate], on: date) -> CertificateStatus:
    """What a person's certificates count for together."""
    return min(
        (status_on(certificate, on) for certificate in certificates),
        key=_ORDER.index,
        default=CertificateStatus.NONE,
    )


def check_status(until: date | None, on: date) -> CertificateStatus:
    """The background check for work with minors."""
    if until is None:
        return CertificateStatus.NONE
    if until < on:
        return CertificateStatus.EXPIRED
    soon = until - on <= timedelta(days=CHECK_DAYS)
    return CertificateStatus.EXPIRING if soon else CertificateStatus.VALID


def may_see_files(scope: Scope) -> bool:
    """Whether the list of social workers is part of this person's work."""
    return scope.has(
        Role.CITY, Role.CIVIL, Role.TOWN, Role.AGENCY, Role.SUPV, Role.SW, Role.COMM, Role.STATION
    )


def may_create_worker(scope: Scope, organization_pk: int) -> bool:
    """A manager enters the own staff."""
    return organization_pk in scope.organization_pks(Role.AGENCY)


def may_edit_worker(scope: Scope, worker: Worker) -> bool:
    """The manager of the employer, and the person themself."""
    own = worker.user_id is not None and worker.user_id == scope.user_pk and scope.has(Role.SW)
    return own or may_create_worker(scope, worker.organization_id)


def may_move_worker(scope: Scope, worker: Worker) -> bool:
    """Name, post, account and leaving are the employer's to say."""
    return may_create_worker(scope, worker.organization_id)


def may_see_numbers(scope: Scope, worker: Worker) -> bool:
    """Certificate numbers in full: whoever keeps the file, and the city's talent office."""
    return scope.has(Role.CITY) or may_edit_worker(scope, worker)


def mask_number(number: str) -> str:
    """The last four of a number: ****0042."""
    return "****" + number[-4:] if len(number) > 4 else "****"


@dataclass(frozen=True)
class Eligibility:
    """How an agency stands against what buyers ask (a hint; the buyer decides)."""

    staff: int
    certified: int
    expiring: int

    @property
    def share(self) -> float:
        """Certified staff among all staff, 0..1."""
        return self.certified / self.staff if self.staff else 0.0

    @property
    def enough(self) -> bool:
        """At least a third of the staff is certified."""
        return self.staff > 0 and self.certified >= self.staff * CERTIFIED_SHARE
