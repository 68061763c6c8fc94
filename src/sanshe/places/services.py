"""Loading divisions, and keeping the number of residents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.core.errors import BadEntry, NotPermitted
from sanshe.core.history import record
from sanshe.core.masking import masked
from sanshe.places.models import Division
from sanshe.places.rules import Reach, may_set_residents

BATCH = 2000
_KEPT = ("parent_id", "level", "name", "short_name")


@dataclass(frozen=True)
class DivisionRow:
    """A division as a data file has it; `parent` is "" at the top."""

    code: str
    parent: str
    level: str
    name: str
    short_name: str


@dataclass
class LoadReport:
    """What a load did, or would do."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0

    def add(self, other: "LoadReport") -> None:
        """Count another batch in."""
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged


def load_divisions(*, rows: Sequence[DivisionRow], dry_run: bool = False) -> LoadReport:
    """Bring the table in step with the rows: add and rename, never delete.

    Parents must come before their children or be there already. Residents, which people entered,
    stay as they are. Running it again changes nothing.
    """
    report = LoadReport()
    with transaction.atomic():
        for start in range(0, len(rows), BATCH):
            report.add(_load_batch(rows[start : start + BATCH], dry_run=dry_run))
    return report


def _load_batch(rows: Sequence[DivisionRow], *, dry_run: bool) -> LoadReport:
    report = LoadReport()
    there = Division.objects.in_bulk([row.code for row in rows])
    new, changed = [], []
    for row in rows:
        values = (row.parent or None, row.level, row.name, row.short_name)
        division = there.get(row.code)
        if division is None:
            new.append(Division(code=row.code, **dict(zip(_KEPT, values, strict=True))))
            report.added.append(f"{row.code} {row.name}")
        elif (before := tuple(getattr(division, name) for name in _KEPT)) != values:
            for name, value in zip(_KEPT, values, strict=True):
                setattr(division, name, value)
            # bulk_update leaves auto_now alone, and the gazetteer's version depends on it.
            division.updated_at = timezone.now()
            changed.append(division)
            report.changed.append(f"{row.code} {before[2]} → {row.name}")
        else:
            report.unchanged += 1
    if not dry_run:
        Division.objects.bulk_create(new)
        Division.objects.bulk_update(changed, ["parent", *_KEPT[1:], "updated_at"])
    return report


def retire_divisions(*, codes: Iterable[str], last_day: date) -> int:
    """Divisions that no longer exist after a day; what refers to them stays."""
    return Division.objects.filter(code__in=list(codes), valid_to__isnull=True).update(
        valid_to=last_day, updated_at=timezone.now()
    )


@transaction.atomic
def set_residents(
    *,
    division: Division,
    residents: int | None,
    source: str,
    actor: AbstractBaseUser,
    reach: Reach,
) -> Division:
    """Write down how many people live in a place, and who says so.

    Raises:
        NotPermitted: the place lies outside what this person keeps.
        BadEntry: a number without its source, or more people than a place can hold.
    """
    if not may_set_residents(reach, division.code):
        raise NotPermitted(_("只有市、镇（街道）的工作人员可以填写本辖区的人口数"))
    source = masked(source.strip(), most=120)
    if residents is not None and not source:
        raise BadEntry(_("请写明人口数据来源，例如“2026年3月网格统计”"))
    division = Division.objects.select_for_update().get(pk=division.pk)
    before = (division.residents, division.residents_source)
    after = (residents, source if residents is not None else "")
    if before == after:
        return division
    division.residents, division.residents_source = after
    division.save(update_fields=["residents", "residents_source", "updated_at"])
    record(
        division,
        "edit",
        actor=actor,
        changes={
            "residents": [before[0], after[0]],
            "residents_source": [before[1], after[1]],
        },
    )
    return division
