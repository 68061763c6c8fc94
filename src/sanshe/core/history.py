"""Writing the two logs. Call inside the transaction that makes the change."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import models

from sanshe.core.models import AccessLine, HistoryLine

if TYPE_CHECKING:
    from django.http import HttpRequest


def subject_of(thing: models.Model) -> tuple[str, str]:
    """How the logs name a row: app and table, and its key."""
    return thing._meta.label_lower, str(thing.pk)


def record(
    thing: models.Model,
    verb: str,
    *,
    actor: models.Model | None,
    note: str = "",
    changes: Mapping[str, Any] | None = None,
) -> HistoryLine:
    """Append one line of history; `actor` None means the program itself."""
    subject, key = subject_of(thing)
    return HistoryLine.objects.create(
        subject=subject,
        subject_pk=key,
        verb=verb,
        # Users live a floor above; here they are only rows.
        actor=cast(Any, actor),
        note=note,
        changes=changes or {},
    )


def address_of(request: "HttpRequest") -> str | None:
    """Where a request came from: what our own outermost proxy saw, else who is connected."""
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    hops: int = settings.TRUSTED_PROXIES
    # Whatever stands further left was written by the asker and may be anything.
    told = seen[-hops].strip() if 0 < hops <= len(seen) else ""
    address = told or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(address))
    except ValueError:
        return None


def record_access(
    request: "HttpRequest", verb: str, subject: str, key: object, *, rows: int = 1, note: str = ""
) -> AccessLine:
    """Append one line of access: a reading or an export of something sensitive."""
    # A request that no middleware has seen (a test client signing in) has no user yet.
    asker = getattr(request, "user", None)
    return AccessLine.objects.create(
        subject=subject,
        subject_pk=str(key),
        verb=verb,
        actor=asker if asker is not None and asker.is_authenticated else None,
        address=address_of(request),
        rows=rows,
        note=note,
    )


def history_of(thing: models.Model) -> models.QuerySet[HistoryLine]:
    """All lines about one thing, newest first, with the people who wrote them."""
    subject, key = subject_of(thing)
    return HistoryLine.objects.filter(subject=subject, subject_pk=key).select_related("actor")
