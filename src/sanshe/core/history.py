"""Writing the two logs. Call inside the transaction that makes the change."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
        subject=subject, subject_pk=key, verb=verb, actor=actor, note=note, changes=changes or {}
    )


def record_access(
    request: "HttpRequest", verb: str, subject: str, key: object, *, rows: int = 1, note: str = ""
) -> AccessLine:
    """Append one line of access: a reading or an export of something sensitive."""
    return AccessLine.objects.create(
        subject=subject,
        subject_pk=str(key),
        verb=verb,
        actor=request.user if request.user.is_authenticated else None,
        address=request.META.get("REMOTE_ADDR") or None,
        rows=rows,
        note=note,
    )


def history_of(thing: models.Model) -> models.QuerySet[HistoryLine]:
    """All lines about one thing, newest first, with the people who wrote them."""
    subject, key = subject_of(thing)
    return HistoryLine.objects.filter(subject=subject, subject_pk=key).select_related("actor")
