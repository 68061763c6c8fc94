"""Writing the files of social workers."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotPermitted
from sanshe.core.history import record
from sanshe.organizations.models import Organization
from sanshe.organizations.selectors import scope_of
from sanshe.talent.models import Certificate, CertificateLevel, Worker
from sanshe.talent.rules import may_create_worker, may_edit_worker, may_move_worker

#: A registration is valid for three years (domain.md 7.2).
YEARS = 3


@dataclass(frozen=True)
class WorkerEntry:
    """What a file says of a person. `user` links the account, where there is one."""

    name: str
    post: str = ""
    languages: Sequence[str] = ()
    minors_checked_until: date | None = None
    left_on: date | None = None
    user: User | None = None


#: What the person themself may change.
_OWN = ("languages",)


@transaction.atomic
def create_worker(
    *, organization: Organization, entry: WorkerEntry, actor: User, on: date
) -> Worker:
    """Open the file of a new member of staff.

    Raises:
        NotPermitted: not this person's agency.
        BadEntry: the account belongs to another file.
    """
    if not may_create_worker(scope_of(actor, on), organization.pk):
        raise NotPermitted(_("只有用人单位的负责人可以登记社工"))
    _check_account(entry.user, None)
    worker = Worker(organization=organization, **_values(entry))
    worker.save()
    record(worker, "create", actor=actor)
    return worker


@transaction.atomic
def edit_worker(*, worker: Worker, entry: WorkerEntry, actor: User, on: date) -> Worker:
    """Change a file; the person themself may change the languages only.

    Raises:
        NotPermitted: not this person's to change, or not this part of it.
        BadEntry: the account belongs to another file.
    """
    worker = Worker.objects.select_for_update().get(pk=worker.pk)
    scope = scope_of(actor, on)
    if not may_edit_worker(scope, worker):
        raise NotPermitted(_("您不能修改这份社工档案"))
    after = _values(entry)
    changed = {name for name in after if getattr(worker, name) != after[name]}
    if changed - set(_OWN) and not may_move_worker(scope, worker):
        raise NotPermitted(_("姓名、岗位、从业查询和离职由用人单位填写"))
    if not changed:
        return worker
    _check_account(entry.user, worker)
    changes = {n: [_plain(getattr(worker, n)), _plain(after[n])] for n in sorted(changed)}
    for name in changed:
        setattr(worker, name, after[name])
    worker.save()
    record(worker, "edit", actor=actor, changes=changes)
    return worker


def full_period(valid_from: date) -> date:
    """The last day of a registration that begins on a day: three years, less a day."""
    try:
        after = valid_from.replace(year=valid_from.year + YEARS)
    except ValueError:  # 29 February
        after = valid_from.replace(year=valid_from.year + YEARS, month=3, day=1)
    return after - timedelta(days=1)


@transaction.atomic
def add_certificate(
    *,
    worker: Worker,
    level: CertificateLevel,
    number: str,
    valid_from: date,
    valid_to: date | None,
    actor: User,
    on: date,
) -> Certificate:
    """Enter a registration certificate; without an end it lasts the usual three years.

    Raises:
        NotPermitted: not this person's file to keep.
        BadEntry: the period is not three years, or the number is entered already.
    """
    worker = Worker.objects.select_for_update().get(pk=worker.pk)
    if not may_edit_worker(scope_of(actor, on), worker):
        raise NotPermitted(_("您不能修改这份社工档案"))
    last = full_period(valid_from)
    # Some certificates name the same day three years on, others the day before it.
    if valid_to is not None and valid_to not in {last, last + timedelta(days=1)}:
        raise BadEntry(
            _("登记证书有效期为三年：自 %(since)s 起应至 %(until)s")
            % {"since": valid_from.isoformat(), "until": last.isoformat()}
        )
    if Certificate.objects.filter(worker=worker, number=number, level=level).exists():
        raise BadEntry(_("这张证书已经登记过"))
    certificate = Certificate.objects.create(
        worker=worker, level=level, number=number, valid_from=valid_from, valid_to=valid_to or last
    )
    record(
        worker,
        "add_certificate",
        actor=actor,
        note=f"{certificate.get_level_display()} {valid_from.isoformat()}",
    )
    return certificate


@transaction.atomic
def remove_certificate(*, certificate: Certificate, actor: User, on: date) -> Worker:
    """Take a wrongly entered certificate out; the history keeps that it was there.

    Raises:
        NotPermitted: only the employer may.
    """
    worker = Worker.objects.select_for_update().get(pk=certificate.worker_id)
    if not may_move_worker(scope_of(actor, on), worker):
        raise NotPermitted(_("登记错的证书由用人单位删除"))
    record(
        worker,
        "remove_certificate",
        actor=actor,
        note=f"{certificate.get_level_display()} {certificate.valid_from.isoformat()}",
    )
    certificate.delete()
    return worker


def _values(entry: WorkerEntry) -> dict[str, Any]:
    # Not asdict: it would copy the account.
    values = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return values | {"languages": list(entry.languages)}


def _check_account(user: User | None, worker: Worker | None) -> None:
    if user is None:
        return
    other = Worker.objects.filter(user=user).exclude(pk=worker.pk if worker else 0).first()
    if other is not None:
        raise BadEntry(
            _("账号 %(username)s 已经属于%(name)s的档案")
            % {"username": user.username, "name": other.name}
        )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.username if isinstance(value, User) else value
