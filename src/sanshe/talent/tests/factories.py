"""Social workers for tests."""

from datetime import date

from sanshe.accounts.models import User
from sanshe.organizations.models import Organization
from sanshe.organizations.tests.factories import make_organization
from sanshe.talent.models import Certificate, CertificateLevel, Worker


def make_worker(
    name: str = "苏小溪",
    *,
    organization: Organization | None = None,
    user: User | None = None,
    left_on: date | None = None,
) -> Worker:
    """A social worker without a certificate; the same name again is the same worker."""
    worker, _ = Worker.objects.get_or_create(
        name=name,
        organization=organization or make_organization(),
        defaults={"post": "一线社工", "languages": ["zh", "nan"], "user": user, "left_on": left_on},
    )
    return worker


def make_certificate(
    worker: Worker,
    *,
    level: CertificateLevel = CertificateLevel.SOCIAL_WORKER,
    valid_from: date = date(2025, 6, 1),
    valid_to: date = date(2028, 5, 31),
) -> Certificate:
    """A registration certificate of the usual three years."""
    return Certificate.objects.create(
        worker=worker,
        level=level,
        number=f"CERT{worker.pk:06d}",
        valid_from=valid_from,
        valid_to=valid_to,
    )
