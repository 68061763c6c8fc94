"""What staff say of a need: title, facts, that it stays as it is, that nobody is in danger."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotNow
from sanshe.core.history import record
from sanshe.core.masking import LONGEST_NOTE, masked
from sanshe.engine.normalize import clean
from sanshe.needs.models import Need, NeedStatus, Statement
from sanshe.needs.rules import may_label
from sanshe.needs.services.actors import demand, scope_today
from sanshe.needs.services.holding import demand_unlocked, hold_needs
from sanshe.needs.services.ranking import rank_needs
from sanshe.taxonomy.models import NeedType


@dataclass(frozen=True)
class NeedFacts:
    """What people fill in about a need; None means that nobody has said."""

    need_type: NeedType
    description: str = ""
    severity: int | None = None
    urgency: int | None = None
    feasibility: int | None = None
    people_affected: int | None = None
    people_basis: str = ""
    bradshaw: Sequence[str] = field(default_factory=list)
    target_group: str = ""
    languages: Sequence[str] = field(default_factory=list)


@transaction.atomic
def rename_need(*, need: Need, title: str, actor: User) -> Need:
    """Give a need a title of people's own; the machine leaves it alone from then on.

    Raises:
        NotPermitted: the person does not arrange the needs of this study.
        BadEntry: no title.
        NotNow: the need is locked.
    """
    _study, needs = hold_needs(need, actor, {need.pk})
    need, title = needs[need.pk], masked(clean(title))
    if not title:
        raise BadEntry(_("请写一个标题。"))
    if title == need.title and need.renamed:
        return need
    demand_unlocked(need)
    before, need.title, need.renamed = need.title, title[:80], True
    need.save(update_fields=["title", "renamed", "updated_at"])
    record(need, "rename", actor=actor, changes={"title": [before, need.title]})
    return need


@transaction.atomic
def lock_need(*, need: Need, locked: bool, actor: User) -> Need:
    """Keep a need as it is, or let it be changed again; the same state again changes nothing.

    Raises:
        NotPermitted: the person does not arrange the needs of this study.
    """
    _study, needs = hold_needs(need, actor, {need.pk})
    need = needs[need.pk]
    if need.locked != locked:
        need.locked = locked
        need.save(update_fields=["locked", "updated_at"])
        record(need, "lock" if locked else "release_lock", actor=actor)
    return need


@transaction.atomic
def edit_need(*, need: Need, facts: NeedFacts, actor: User) -> Need:
    """Fill in what people know of a need; it is ranked again.

    Raises:
        NotPermitted: the person does not arrange the needs of this study.
        NotNow: the type of a locked need was to change.
        BadEntry: a number of people without saying where it comes from.
    """
    study, needs = hold_needs(need, actor, {need.pk})
    need = needs[need.pk]
    if facts.people_affected is not None and not facts.people_basis.strip():
        raise BadEntry(_("请写明涉及人数的依据，例如“网格台账”或“访谈估计”。"))
    if facts.need_type.pk != need.need_type_id:
        demand_unlocked(need)
    changes = {}
    for name, value in _values(facts).items():
        before = getattr(need, name)
        if before != value:
            changes[name] = [_shown(before), _shown(value)]
            setattr(need, name, value)
    if changes:
        need.save()
        record(need, "rate", actor=actor, changes=changes)
        rank_needs(study, [need])
    return need


@transaction.atomic
def lift_safety(*, need: Need, actor: User, note: str) -> None:
    """Say that a need concerns nobody's safety: its voices go back to be sorted as usual.

    Raises:
        NotPermitted: only those who sort what was said may.
        BadEntry: no reason.
        NotNow: it is no safety need (any more), or somebody has taken it on.
    """
    study, needs = hold_needs(need, actor, {need.pk})
    demand(may_label(scope_today(actor), study))
    need = needs[need.pk]
    note = masked(note.strip(), most=LONGEST_NOTE)
    if not note:
        raise BadEntry(_("请写明为什么不涉及人身安全。"))
    waiting = {NeedStatus.NEW, NeedStatus.CLASSIFIED, NeedStatus.VERIFIED}
    if not need.safety or need.status not in waiting:
        raise NotNow(_("这个需求的状态已变化，请刷新后查看。"))
    need.safety, need.safety_since = False, None
    need.save(update_fields=["safety", "safety_since", "updated_at"])
    record(need, "lift_safety", actor=actor, note=note)
    for voice in Statement.objects.select_for_update(of=("self",)).filter(need=need):
        voice.safety, voice.cleared = False, True
        voice.save(update_fields=["safety", "cleared", "updated_at"])
        record(voice, "lift_safety", actor=actor, note=note)
    rank_needs(study, [need])


def _values(facts: NeedFacts) -> dict[str, object]:
    """The fields of the facts as the row keeps them."""
    values = {name: getattr(facts, name) for name in NeedFacts.__dataclass_fields__}
    basis = facts.people_basis.strip() if facts.people_affected is not None else ""
    values["description"] = masked(facts.description.strip())
    values["people_basis"] = masked(basis, most=120)
    return {**values, "bradshaw": list(facts.bradshaw), "languages": list(facts.languages)}


def _shown(value: object) -> object:
    return str(value) if isinstance(value, NeedType) else value
