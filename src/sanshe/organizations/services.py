"""Writing organisations, and giving and ending roles."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sanshe.accounts.models import ReviewAct, User
from sanshe.accounts.services.reviews import Wish, use_review
from sanshe.core.errors import BadEntry, NotNow, NotPermitted
from sanshe.core.history import record
from sanshe.organizations.credit import clean_credit_code, fault_of
from sanshe.organizations.models import (
    ADMIN_ROLES,
    ORGANIZATION_ROLES,
    PLACE_ROLES,
    Membership,
    Organization,
    Role,
)
from sanshe.organizations.rules import (
    may_change_identity,
    may_create_at,
    may_edit_organization,
    may_end_role,
    may_give_role,
    roles_clash,
)
from sanshe.organizations.selectors import memberships_on, scope_of
from sanshe.places.models import Division

_IDENTITY = ("kind", "name", "credit_code", "division_id", "registered_on", "grade", "grade_until")


@dataclass(frozen=True)
class Entry:
    """What the register says of an organisation."""

    kind: str
    name: str
    division_id: str
    credit_code: str = ""
    address: str = ""
    contact: str = ""
    phone: str = ""
    introduction: str = ""
    registered_on: date | None = None
    grade: int | None = None
    grade_until: date | None = None


@transaction.atomic
def create_organization(*, entry: Entry, actor: User, on: date) -> Organization:
    """Enter an organisation into the register.

    Raises:
        NotPermitted: this person may not enter this kind at this place.
        BadEntry: the credit code is wrong or taken.
    """
    if not may_create_at(scope_of(actor, on), entry.kind, entry.division_id):
        raise NotPermitted(_("您不能在该地登记这类组织"))
    organization = Organization(**_checked(entry))
    _save(organization)
    record(organization, "create", actor=actor)
    return organization


@transaction.atomic
def edit_organization(
    *, organization: Organization, entry: Entry, actor: User, on: date
) -> Organization:
    """Change an entry; what the organisation itself may not change must be as it was.

    Raises:
        NotPermitted: not this person's to change, or not this part of it.
        BadEntry: the credit code is wrong or taken.
    """
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    scope = scope_of(actor, on)
    if not may_edit_organization(scope, organization):
        raise NotPermitted(_("您不能修改这个组织的资料"))
    after = _checked(entry)
    before = {name: getattr(organization, name) for name in after}
    changed = {name for name in after if after[name] != before[name]}
    if changed & set(_IDENTITY) and not may_change_identity(scope, organization):
        raise NotPermitted(_("名称、类型、信用代码、所在地和等级由民政部门维护"))
    moved = "division_id" in changed or "kind" in changed
    if moved and not may_create_at(scope, entry.kind, entry.division_id):
        raise NotPermitted(_("您不能把组织改到该地或该类型"))
    if not changed:
        return organization
    for name in changed:
        setattr(organization, name, after[name])
    _save(organization)
    record(
        organization,
        "edit",
        actor=actor,
        changes={n: [_plain(before[n]), _plain(after[n])] for n in sorted(changed)},
    )
    return organization


def _checked(entry: Entry) -> dict[str, Any]:
    values = asdict(entry)
    values["credit_code"] = clean_credit_code(entry.credit_code)
    if values["credit_code"] and (fault := fault_of(values["credit_code"])):
        raise BadEntry(fault)
    return values


def _save(organization: Organization) -> None:
    try:
        with transaction.atomic():
            organization.save()
    except IntegrityError as error:
        if "credit_code" not in str(error):
            raise
        raise BadEntry(_("这个统一社会信用代码已经登记在另一个组织名下")) from error


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def give_role(
    *,
    user: User,
    role: Role,
    organization: Organization | None = None,
    division: Division | None = None,
    until: date | None = None,
    actor: User | None,
    on: date,
) -> Membership:
    """Let a person act in a role from `on` (through `until`, where one is named).

    `actor` None is the operator of the server (command line), who may give any role.

    Raises:
        NotPermitted: not this person's to give; or to oneself; or administrators' roles would mix.
        BadEntry: the role lacks its place or organisation, or ends before it begins.
        NotNow: the person has the role already.
        ReviewNeeded: an administrator's role, and no other administrator has confirmed it.
    """
    if actor is not None:
        organization_pk = organization.pk if organization else None
        if not may_give_role(scope_of(actor, on), role, organization_pk):
            raise NotPermitted(_("您不能授予这个角色"))
        if actor.pk == user.pk:
            raise NotPermitted(_("不能给自己授予角色，请由另一位安全管理员办理"))
    _check_reach(role, organization, division)
    if until is not None and until < on:
        raise BadEntry(_("结束日期不能早于今天"))
    # One lock for all roles of the person, so that two givers cannot mix what must stay apart.
    user = User.objects.select_for_update().get(pk=user.pk)
    held = set(memberships_on(on).filter(user=user).values_list("role", flat=True))
    if roles_clash(role, held):
        raise NotPermitted(_("系统、安全、审计管理员必须三员分立，不能与其他角色由同一人担任"))
    division = division if role in PLACE_ROLES else None
    organization = None if role in ADMIN_ROLES else organization
    membership = Membership.objects.filter(
        user=user, role=role, organization=organization, division=division
    ).first()
    if membership is None:
        membership = Membership(user=user, role=role, organization=organization, division=division)
    elif memberships_on(on).filter(pk=membership.pk).exists():
        raise NotNow(_("%(name)s已经担任这个角色") % {"name": user})
    note = ""
    if actor is not None and role in ADMIN_ROLES:
        note = use_review(Wish(ReviewAct.GIVE_ROLE, user, role, until), actor=actor)
    membership.since, membership.until = on, until
    membership.save()
    record(
        membership,
        "give_role",
        actor=actor,
        note=f"{_describe(membership)} {note}".strip(),
        changes={"since": _plain(on), "until": _plain(until)},
    )
    return membership


@transaction.atomic
def end_role(*, membership: Membership, actor: User | None, on: date) -> Membership:
    """End a role at once: yesterday was its last day.

    `actor` None is the operator of the server (command line), who may end any role.

    Raises:
        NotPermitted: not this person's to end, or nobody would be left to give roles.
        NotNow: it has ended already.
        ReviewNeeded: an administrator's role, and no other administrator has confirmed it.
    """
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if actor is not None and not may_end_role(scope_of(actor, on), membership):
        raise NotPermitted(_("您不能结束这个角色"))
    current = memberships_on(on)
    if not current.filter(pk=membership.pk).exists():
        raise NotNow(_("这个角色已经结束"))
    if membership.role == Role.SEC and current.filter(role=Role.SEC).count() == 1:
        raise NotPermitted(_("至少要保留一位安全管理员"))
    note = ""
    if actor is not None and membership.role in ADMIN_ROLES:
        wish = Wish(ReviewAct.END_ROLE, membership.user, membership.role)
        note = use_review(wish, actor=actor)
    membership.until = on - timedelta(days=1)
    membership.save(update_fields=["until", "updated_at"])
    record(membership, "end_role", actor=actor, note=f"{_describe(membership)} {note}".strip())
    return membership


def _check_reach(role: str, organization: Organization | None, division: Division | None) -> None:
    if role in PLACE_ROLES and division is None:
        raise BadEntry(_("这个角色要指定辖区（区划代码）"))
    if role in ORGANIZATION_ROLES and organization is None:
        raise BadEntry(_("这个角色要指定所属组织"))


def _describe(membership: Membership) -> str:
    reach = membership.organization or membership.division or ""
    return f"{membership.user} {membership.get_role_display()} {reach}".strip()
