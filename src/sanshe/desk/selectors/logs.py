"""The two logs, as the audit administrator searches them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.core.models import AccessLine, AppendOnly, HistoryLine
from sanshe.core.verbs import HIDDEN, VERBS, changes_of, subject_label, verb_label

Rows = Iterator[list[str | int]]
Line = TypeVar("Line", HistoryLine, AccessLine)

#: Apps whose rows hold the words of residents and of those who work for them. The auditor sees
#: that they were touched, by whom and when, not what they say (三员分立).
BUSINESS = ("needs.", "matching.", "projects.", "talent.")

#: Verbs of the log of accesses; all others are changes.
ACCESS_VERBS = frozenset({"sign_in", "sign_out", "lock_out", "read", "original", "export"})


def is_business(line: AppendOnly) -> bool:
    """Whether the words of a line are none of the auditor's business."""
    return line.subject.startswith(BUSINESS)


@dataclass(frozen=True)
class Search:
    """Who, what, when; anything left empty does not narrow."""

    who: str = ""
    subject: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        return self == Search()


def changes_like(search: Search) -> QuerySet[HistoryLine]:
    return _like(HistoryLine.objects.all(), search)


def accesses_like(search: Search) -> QuerySet[AccessLine]:
    return _like(AccessLine.objects.all(), search)


def _like(lines: "QuerySet[Line]", search: Search) -> "QuerySet[Line]":
    if search.who:
        lines = lines.filter(
            Q(actor__username__icontains=search.who) | Q(actor__name__icontains=search.who)
        )
    if search.subject:
        lines = lines.filter(subject=search.subject)
    if search.verb:
        lines = lines.filter(verb=search.verb)
    if search.since:
        lines = lines.filter(at__gte=_start_of(search.since))
    if search.until:
        lines = lines.filter(at__lt=_start_of(search.until + timedelta(days=1)))
    return lines.select_related("actor").order_by("-pk")


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def subjects_of(model: type[AppendOnly]) -> list[tuple[str, str]]:
    """The kinds of things a log speaks of, with their names."""
    kinds = model._default_manager.order_by("subject").values_list("subject", flat=True).distinct()
    return [(kind, subject_label(kind)) for kind in kinds]


def verbs_of(model: type[AppendOnly]) -> list[tuple[str, str]]:
    """What a log says was done, then what it could say but does not yet: a link to a search must
    work before the first such line. A verb of several flows is named as the first says it."""
    pairs = (
        model._default_manager.order_by("verb", "subject").values_list("verb", "subject").distinct()
    )
    named: dict[str, str] = {}
    for verb, subject in pairs:
        named.setdefault(verb, verb_label(subject, verb))
    for verb in sorted(VERBS):
        belongs = (verb in ACCESS_VERBS) == (model is AccessLine)
        if belongs and verb not in named and str(VERBS[verb]) not in named.values():
            named[verb] = str(VERBS[verb])
    return list(named.items())


def change_headings() -> list[str]:
    return [_("时间"), _("操作人"), _("动作"), _("对象类型"), _("对象编号"), _("说明"), _("变更")]


def access_headings() -> list[str]:
    return [
        _("时间"), _("操作人"), _("动作"), _("对象类型"), _("对象编号"), _("说明"),
        _("来源地址"), _("涉及条数"),
    ]  # fmt: skip


def change_rows(lines: QuerySet[HistoryLine]) -> Rows:
    colon, stop = _("："), _("；")
    for line in lines.iterator(chunk_size=2000):
        changes = changes_of(line, sealed=is_business(line))
        said = (f"{change.name}{colon}{change.before} → {change.after}" for change in changes)
        yield [*_common(line), stop.join(said)]


def access_rows(lines: QuerySet[AccessLine]) -> Rows:
    for line in lines.iterator(chunk_size=2000):
        yield [*_common(line), line.address or "", line.rows]


def _common(line: AppendOnly) -> list[str | int]:
    return [
        timezone.localtime(line.at).strftime("%Y-%m-%d %H:%M:%S"),
        str(line.actor) if line.actor else _("系统"),
        verb_label(line.subject, line.verb),
        subject_label(line.subject),
        line.subject_pk,
        HIDDEN if line.note and is_business(line) else line.note,
    ]
