"""Building the sample city. What is there already, and what people changed, stays as it is."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.db import transaction
from stdnum.cn import uscc

from sanshe.accounts.models import User
from sanshe.core.history import record
from sanshe.desk.sample.accounts import ADMINISTRATORS, PASSWORD, totp_secret
from sanshe.matching.models import Offer
from sanshe.organizations.models import Kind, Membership, Organization, Role
from sanshe.places.models import Division, Level
from sanshe.talent.models import Certificate, Worker
from sanshe.talent.services import YEARS
from sanshe.taxonomy.models import NeedType

FOLDER = Path(__file__).resolve().parent
CITY = "350581"
#: First three digits of a credit code: civil affairs register (5), and the class.
_CLASSES = {Kind.AGENCY: "52", Kind.ASSOCIATION: "51", Kind.FOUNDATION: "53"}


@dataclass
class Seeded:
    """How many rows came new, by kind."""

    new: dict[str, int] = field(default_factory=dict)

    def count(self, what: str, number: int = 1) -> None:
        """Add to a kind."""
        self.new[what] = self.new.get(what, 0) + number


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a sample table."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def seed(on: date) -> Seeded:
    """Bring the sample city up to date; certificates are dated from `on` when they come new."""
    seeded = Seeded()
    _offices(seeded)
    organizations = _organizations(seeded)
    users = _accounts(seeded, organizations)
    _workers(seeded, organizations, users, on)
    _offers(seeded, organizations)
    return seeded


def _offices(seeded: Seeded) -> None:
    """A committee in every community, and an office and a station in every town."""
    there = set(
        Organization.objects.filter(division__code__startswith=CITY).values_list(
            "kind", "division_id"
        )
    )
    new = []
    inside = Division.objects.filter(
        code__startswith=CITY, level__in=[Level.TOWN, Level.COMMUNITY], valid_to=None
    )
    for division in inside:
        if division.level == Level.COMMUNITY:
            wanted = [(Kind.COMMITTEE, division.name)]
        else:
            seat = "办事处" if division.name.endswith("街道") else "人民政府"
            wanted = [
                (Kind.DEPARTMENT, division.name + seat),
                (Kind.STATION, division.name + "社会工作服务站"),
            ]
        new += [
            Organization(kind=kind, name=name, division=division, is_sample=True)
            for kind, name in wanted
            if (kind, division.pk) not in there
        ]
    Organization.objects.bulk_create(new)
    seeded.count("offices", len(new))


def sample_credit_code(kind: str, number: int) -> str:
    """A code whose check digits are right and whose middle (XYXY) no register gives out."""
    prefix = _CLASSES.get(Kind(kind))
    if prefix is None:
        return ""
    body = f"XYXY{number:04d}"
    values = [int(letter, 36) for letter in body]
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = (11 - sum(w * v for w, v in zip(weights, values, strict=True)) % 11) % 11
    code = f"{prefix}{CITY}{body}{'X' if check == 10 else check}"
    return code + str(uscc.calc_check_digit(code))


def _organizations(seeded: Seeded) -> dict[str, Organization]:
    there = {o.name: o for o in Organization.objects.filter(division__code__startswith=CITY)}
    found = {}
    for number, row in enumerate(rows("organizations"), 1):
        organization = there.get(row["name"])
        if organization is None:
            organization = Organization.objects.create(
                kind=row["kind"],
                name=row["name"],
                credit_code=sample_credit_code(row["kind"], number),
                division_id=row["place"],
                address=row["address"],
                contact=row["contact"],
                # 0595-0… is no number anybody has.
                phone=f"0595-00{number:06d}" if row["contact"] else "",
                introduction=row["introduction"],
                registered_on=row["registered_on"] or None,
                grade=int(row["grade"]) if row["grade"] else None,
                grade_until=date(2028, 12, 31) if row["grade"] else None,
                is_sample=True,
            )
            seeded.count("organizations")
        found[row["key"]] = organization
    return found


def _accounts(seeded: Seeded, organizations: dict[str, Organization]) -> dict[str, User]:
    entries = list(rows("accounts"))
    users = User.objects.filter(username__in=[e["username"] for e in entries]).in_bulk(
        field_name="username"
    )
    offices = {
        (o.kind, o.division_id): o
        for o in Organization.objects.filter(
            kind__in=[Kind.COMMITTEE, Kind.STATION], division__code__startswith=CITY
        )
    }
    # One slow hash for all: they share the password anyway.
    password = make_password(PASSWORD) if len(users) < len(entries) else ""
    for entry in entries:
        name, role = entry["username"], entry["role"]
        if name in users:
            continue
        users[name] = User.objects.create(username=name, name=entry["name"], password=password)
        office = {Role.COMM: Kind.COMMITTEE, Role.STATION: Kind.STATION}.get(Role(role))
        membership = Membership.objects.create(
            user=users[name],
            role=role,
            organization=organizations.get(entry["organization"])
            or (offices.get((office, entry["place"])) if office else None),
            division_id=entry["place"] or None,
        )
        record(membership, "give_role", actor=None, note="seed_demo")
        seeded.count("accounts")
    with_factor = set(
        Authenticator.objects.filter(user__username__in=ADMINISTRATORS).values_list(
            "user__username", flat=True
        )
    )
    for name in ADMINISTRATORS:
        if name not in with_factor:
            TOTP.activate(users[name], totp_secret(name))
    return users


def _workers(
    seeded: Seeded, organizations: dict[str, Organization], users: dict[str, User], on: date
) -> None:
    there = set(
        Worker.objects.filter(organization__in=organizations.values()).values_list(
            "name", "organization_id"
        )
    )
    for number, row in enumerate(rows("workers"), 1):
        organization = organizations[row["organization"]]
        if (row["name"], organization.pk) in there:
            continue
        user = users.get(row["username"])
        worker = Worker.objects.create(
            name=row["name"],
            organization=organization,
            user=user if user is None or not hasattr(user, "worker") else None,
            post=row["post"],
            languages=row["languages"].split("|"),
            minors_checked_until=on + timedelta(days=int(row["minors_days"]))
            if row["minors_days"]
            else None,
        )
        for part in filter(None, row["certificates"].split("|")):
            level, days = part.split(":")
            valid_to = on + timedelta(days=int(days))
            Certificate.objects.create(
                worker=worker,
                level=level,
                number=f"示例{number:05d}",
                valid_from=_three_years_before(valid_to),
                valid_to=valid_to,
            )
        seeded.count("workers")


def _three_years_before(last: date) -> date:
    """The first day of a registration that ends on `last`."""
    after = last + timedelta(days=1)
    try:
        return after.replace(year=after.year - YEARS)
    except ValueError:  # 29 February
        return after.replace(year=after.year - YEARS, month=3, day=1)


def _offers(seeded: Seeded, organizations: dict[str, Organization]) -> None:
    there = set(
        Offer.objects.filter(organization__in=organizations.values()).values_list(
            "title", "organization_id"
        )
    )
    known = NeedType.objects.in_bulk()
    for row in rows("offers"):
        organization = organizations[row["provider"]]
        if (row["title"], organization.pk) in there:
            continue
        offer = Offer.objects.create(
            organization=organization,
            kind=row["kind"],
            title=row["title"],
            target_groups=[code for code in row["target_groups"].split("|") if code != "all"],
            languages=row["languages"].split("|"),
            capacity=int(row["capacity"]),
            catchment=row["catchment"].split("|"),
            unit_cost_fen=int(row["unit_cost_yuan"]) * 100,
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]),
            minors_cleared=row["minors_cleared"] == "1",
            is_sample=True,
        )
        offer.need_types.set(
            [known[code] for code in row["leaf_codes"].split("|") if code in known]
        )
        seeded.count("offers")
