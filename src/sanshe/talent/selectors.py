"""Reading the files of social workers."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from sanshe.organizations.models import Role
from sanshe.organizations.scope import Scope
from sanshe.places.selectors import under
from sanshe.talent.models import Certificate, Worker
from sanshe.talent.rules import RENEWAL_DAYS, Eligibility


def workers_visible_to(scope: Scope) -> QuerySet[Worker]:
    """City offices all of their place; agencies, supervisors, committees and stations their own
    organisation's; a social worker the own file. Towns get counts only (`eligibility_around`).
    """
    workers = Worker.objects.select_related("organization", "organization__division")
    visible = under(scope.prefixes(Role.CITY, Role.CIVIL), "organization__division__code")
    own = scope.organization_pks(Role.AGENCY, Role.SUPV, Role.COMM, Role.STATION)
    visible |= Q(organization_id__in=own)
    if scope.has(Role.SW):
        visible |= Q(user_id=scope.user_pk)
    return workers.filter(visible)


def employed_on(on: date) -> Q:
    """Workers who have not left on that day."""
    return Q(left_on__isnull=True) | Q(left_on__gt=on)


def valid_certificates(on: date) -> QuerySet[Certificate]:
    """Certificates that count on that day, for use inside a query about workers."""
    return Certificate.objects.filter(worker=OuterRef("pk"), valid_from__lte=on, valid_to__gte=on)


def certified_workers(on: date) -> QuerySet[Worker]:
    """Workers who hold a valid certificate on that day and have not left."""
    return Worker.objects.filter(employed_on(on), Exists(valid_certificates(on)))


def certified_count(organization_pk: int, on: date) -> int:
    """How many of an organisation's staff are certified on that day."""
    return certified_workers(on).filter(organization_id=organization_pk).count()


def eligibility_of(organization_pk: int, on: date) -> Eligibility:
    """How an agency's staff stands against what buyers ask. One query."""
    found = _counted(Worker.objects.filter(organization_id=organization_pk), on).aggregate(
        staff=Count("pk"),
        certified=Count("pk", filter=Q(holds=True)),
        lasting=Count("pk", filter=Q(holds_on=True)),
    )
    return Eligibility(found["staff"], found["certified"], found["certified"] - found["lasting"])


@dataclass(frozen=True)
class AgencyCounts:
    """The staff of one organisation, as a number."""

    organization_pk: int
    name: str
    eligibility: Eligibility


def eligibility_around(prefixes: frozenset[str], on: date) -> list[AgencyCounts]:
    """Counts by employer inside the prefixes: what a town may know of the talent files."""
    rows = (
        _counted(Worker.objects.filter(under(prefixes, "organization__division__code")), on)
        .order_by()
        .values("organization_id", "organization__name")
        .annotate(
            staff=Count("pk"),
            certified_staff=Count("pk", filter=Q(holds=True)),
            lasting_staff=Count("pk", filter=Q(holds_on=True)),
        )
        .order_by("organization__name")
    )
    return [
        AgencyCounts(
            row["organization_id"],
            row["organization__name"],
            Eligibility(
                row["staff"], row["certified_staff"], row["certified_staff"] - row["lasting_staff"]
            ),
        )
        for row in rows
    ]


def _counted(workers: QuerySet[Worker], on: date) -> QuerySet[Worker]:
    valid = valid_certificates(on)
    lasting = valid.filter(valid_to__gt=on + timedelta(days=RENEWAL_DAYS))
    return workers.filter(employed_on(on)).alias(holds=Exists(valid), holds_on=Exists(lasting))


def with_expiring(workers: QuerySet[Worker], on: date) -> QuerySet[Worker]:
    """Workers whose last valid certificate ends within the renewal window."""
    valid = valid_certificates(on)
    lasting = valid.filter(valid_to__gt=on + timedelta(days=RENEWAL_DAYS))
    return workers.filter(Exists(valid), ~Exists(lasting))


def without_valid(workers: QuerySet[Worker], on: date) -> QuerySet[Worker]:
    """Workers who hold no valid certificate on that day."""
    return workers.filter(~Exists(valid_certificates(on)))
