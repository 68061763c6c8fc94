"""Keeping offers, one by one or from a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry
from sanshe.core.history import record
from sanshe.core.masking import masked
from sanshe.matching.models import Offer, OfferKind, in_language
from sanshe.matching.rules import may_keep_offers_of
from sanshe.needs.services.actors import demand, scope_today
from sanshe.office.errors import OfficeError
from sanshe.office.offers import OfferTable, read_offers
from sanshe.office.tables import Book
from sanshe.organizations.models import Organization
from sanshe.places.selectors import gazetteer
from sanshe.taxonomy.models import NeedType


@dataclass(frozen=True)
class OfferFacts:
    """Everything a person says of an offer. Money is whole fen."""

    kind: str
    title: str
    need_types: tuple[str, ...]
    capacity: int
    catchment: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    unit_cost_fen: int = 0
    valid_from: date | None = None
    valid_to: date | None = None
    minors_cleared: bool = False
    active: bool = field(default=True)


@transaction.atomic
def save_offer(
    *, organization: Organization, facts: OfferFacts, actor: User, offer: Offer | None = None
) -> Offer:
    """Create an offer of an organisation, or change one.

    Raises:
        NotPermitted: the person does not keep the offers of this organisation.
    """
    demand(may_keep_offers_of(scope_today(actor), organization.pk))
    # The telephone to ask for an offer is its organisation's.
    facts = replace(facts, title=masked(facts.title, most=80))
    verb = "create" if offer is None else "edit"
    if offer is None:
        offer = Offer(organization=organization)
        before: dict[str, Any] = {}
    else:
        offer = Offer.objects.select_for_update().get(pk=offer.pk)
        demand(may_keep_offers_of(scope_today(actor), offer.organization_id))
        before = snapshot(offer)
    for name in _FIELDS:
        value = getattr(facts, name)
        setattr(offer, name, list(value) if isinstance(value, tuple) else value)
    offer.save()
    offer.need_types.set(NeedType.objects.filter(code__in=facts.need_types))
    after = snapshot(offer)
    changes = {name: [before.get(name), value] for name, value in after.items()
               if before.get(name) != value}  # fmt: skip
    record(offer, verb, actor=actor, changes=changes)
    return offer


_FIELDS = (
    "kind", "title", "capacity", "catchment", "target_groups", "languages", "unit_cost_fen",
    "valid_from", "valid_to", "minors_cleared", "active",
)  # fmt: skip


def snapshot(offer: Offer) -> dict[str, Any]:
    """What an offer says, as JSON can keep it. One query."""
    values = {name: getattr(offer, name) for name in _FIELDS}
    for name in ("valid_from", "valid_to"):
        values[name] = values[name].isoformat() if values[name] else None
    return {**values, "need_types": sorted(offer.need_types.values_list("pk", flat=True))}


def facts_of(kept: Mapping[str, Any]) -> OfferFacts:
    """The facts in a snapshot."""
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in kept.items()
    }
    for name in ("valid_from", "valid_to"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    return OfferFacts(**values)


def read_offer_workbook(path: Path | Book, around: str) -> OfferTable:
    """The offers of a workbook as they would be imported; places are those of the city `around`.

    Raises:
        BadEntry: the file cannot be read as a whole; the message says why.
    """
    leaves: dict[str, str] = {}
    for need_type in NeedType.objects.filter(retired_on__isnull=True):
        for name in (need_type.code, need_type.name_zh, need_type.name_en):
            leaves[name] = need_type.code
    try:
        return read_offers(path, leaves=leaves, gazetteer=gazetteer(around))
    except OfficeError as error:
        raise BadEntry(in_language(error.message, error.message_en)) from error


@transaction.atomic
def import_offers(
    *, organization: Organization, table: OfferTable, actor: User
) -> dict[str, dict[str, Any]]:
    """Store the good rows as offers of one organisation; a row whose title it already has
    changes that offer instead of making a second one. By the key of each offer touched, its
    snapshot `before` (None: it is new) and `after`.

    Raises:
        NotPermitted: the person does not keep the offers of this organisation.
        BadEntry: there is no good row.
    """
    demand(may_keep_offers_of(scope_today(actor), organization.pk))
    if not table.rows:
        raise BadEntry(_("文件里没有可以导入的服务资源，请按问题清单改正后再上传。"))
    existing = {o.title: o for o in Offer.objects.filter(organization=organization)}
    changed: dict[str, dict[str, Any]] = {}
    for row in table.rows:
        facts = OfferFacts(
            kind=row.kind if row.kind in OfferKind.values else OfferKind.OTHER,
            title=masked(row.title or row.id, most=80),
            need_types=row.leaf_codes,
            capacity=row.capacity,
            catchment=row.catchment,
            target_groups=row.target_groups,
            languages=row.languages,
            unit_cost_fen=row.unit_cost_fen or 0,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            minors_cleared=row.minors_cleared,
        )
        offer = existing.get(facts.title)
        before = snapshot(offer) if offer else None
        offer = save_offer(organization=organization, facts=facts, actor=actor, offer=offer)
        existing[facts.title] = offer
        # Two rows of one title: the first says what was before, the last what is now.
        kept = changed.setdefault(str(offer.pk), {"before": before})
        kept["after"] = snapshot(offer)
    return changed
