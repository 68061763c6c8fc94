"""Writing what was said: interviews and statements. Words are masked on the way in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotNow
from sanshe.core.events import announce
from sanshe.core.history import record, record_access, subject_of
from sanshe.core.masking import masked
from sanshe.needs.models import Import, Informant, Interview, Method, Statement, Study
from sanshe.needs.rules import (
    is_collecting,
    may_collect,
    may_delete_statement,
    may_edit_interview,
    may_read_original,
)
from sanshe.needs.selectors.statements import Piece, original_pieces
from sanshe.needs.services.actors import demand, scope_today
from sanshe.needs.services.masking import Masked, mask

DELETE_WITHIN = timedelta(hours=24)
_BATCH = 1000


@dataclass(frozen=True)
class InterviewFacts:
    """Who was heard, when and how."""

    informant: str
    method: str
    held_on: date | None
    people: int = 1
    note: str = ""


@dataclass(frozen=True)
class Heard:
    """One statement as it arrives: the raw words and the facts of its interview."""

    text: str
    informant: str = Informant.OTHER
    method: str = Method.INTV
    held_on: date | None = None
    community_code: str = ""
    sheet: str = ""
    row: int | None = None


@transaction.atomic
def open_interview(
    *, study: Study, facts: InterviewFacts, actor: User, token: str = ""
) -> Interview:
    """Begin an interview; the same token again returns the interview it made.

    Raises:
        NotPermitted: the person does not collect for this study.
        NotNow: the study takes no more statements.
        BadEntry: the date lies in the future.
    """
    study = _collecting(study, actor)
    if token:
        before = Interview.objects.filter(study=study, token=token).first()
        if before is not None:
            return before
    _check(facts)
    interview = Interview.objects.create(
        study=study,
        informant=facts.informant,
        method=facts.method,
        held_on=facts.held_on,
        people=facts.people,
        note=masked(facts.note, most=200),
        heard_by=actor,
        token=token,
    )
    record(interview, "create", actor=actor, changes=_shown(interview))
    return interview


@transaction.atomic
def edit_interview(*, interview: Interview, facts: InterviewFacts, actor: User) -> Interview:
    """Correct who, when and how; never the words.

    Raises:
        NotPermitted: the person does not collect for this study.
        BadEntry: the date lies in the future.
    """
    interview = (
        Interview.objects.select_for_update(of=("self",))
        .select_related("study")
        .get(pk=interview.pk)
    )
    demand(may_edit_interview(scope_today(actor), interview))
    _check(facts)
    before = _shown(interview)
    if facts.people != interview.people:
        interview.people_estimated = False
    interview.informant = facts.informant
    interview.method = facts.method
    interview.held_on = facts.held_on
    interview.people = facts.people
    interview.note = masked(facts.note, most=200)
    interview.save()
    after = _shown(interview)
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changes:
        record(interview, "edit", actor=actor, changes=changes)
    return interview


@transaction.atomic
def add_statement(*, interview: Interview, text: str, actor: User, token: str = "") -> Statement:
    """Store one thing that was said; the same token again returns the statement it made.

    Raises:
        NotPermitted: the person does not collect for this study.
        NotNow: the study takes no more statements.
        BadEntry: the words cannot be stored; the message says why.
    """
    study = _collecting(interview.study, actor)
    if token:
        before = Statement.objects.filter(interview=interview, token=token).first()
        if before is not None:
            return before
    words = mask(text)
    statement = Statement.objects.create(
        interview=interview,
        community_id=study.community_id,
        ordinal=_next_ordinal(study),
        text=words.text,
        original=words.original,
        recorded_by=actor,
        token=token,
    )
    record(statement, "create", actor=actor)
    announce("statements.stored", study.pk)
    return statement


@transaction.atomic
def delete_statement(*, statement: Statement, actor: User) -> None:
    """Take back one's own words shortly after writing them down; the history keeps that it was so.

    Raises:
        NotPermitted: somebody else's words, imported ones, or already labelled.
        NotNow: more than a day has passed.
    """
    statement = (
        Statement.objects.select_for_update(of=("self",))
        .select_related("interview__study")
        .get(pk=statement.pk)
    )
    demand(may_delete_statement(scope_today(actor), statement))
    if timezone.now() - statement.created_at > DELETE_WITHIN:
        raise NotNow(_("录入已超过 24 小时，不能再删除；如有误，请在核对时标为“不含需求”。"))
    record(statement, "delete", actor=actor, changes={"ordinal": statement.ordinal})
    note = _("删除诉求第 %(ordinal)s 条") % {"ordinal": statement.ordinal}
    record(statement.interview, "edit", actor=actor, note=note)
    statement.delete()


def store_statements(
    *, study: Study, rows: Iterable[Heard], actor: User, source: Import | None = None
) -> int:
    """Store many statements at once, one interview per informant, method and day; their number.

    The caller has asked whether the actor may, and holds the transaction and its history line.
    Masking happens before the first row is written, so that no lock is held meanwhile.
    """
    words = [(row, mask(row.text)) for row in rows]
    return store_masked(study=study, rows=words, actor=actor, source=source)


@transaction.atomic
def store_masked(
    *, study: Study, rows: list[tuple[Heard, Masked]], actor: User, source: Import | None = None
) -> int:
    """As `store_statements`, for words that have been masked already."""
    study = Study.objects.select_for_update().get(pk=study.pk)
    interviews = _interviews(study, [row for row, _words in rows], actor, source)
    ordinals = count(_next_ordinal(study))
    Statement.objects.bulk_create(
        (
            Statement(
                interview=interviews[(row.informant, row.method, row.held_on)],
                community_id=row.community_code or study.community_id,
                ordinal=next(ordinals),
                text=words.text,
                original=words.original,
                sheet=masked(row.sheet, most=80, quietly=True),
                row=row.row,
                recorded_by=actor,
            )
            for row, words in rows
        ),
        batch_size=_BATCH,
    )
    announce("statements.stored", study.pk)
    return len(rows)


@transaction.atomic
def read_original(*, statement: Statement, request: HttpRequest) -> list[Piece]:
    """The words as they were said, after the reading was logged.

    Raises:
        NotPermitted: masked words are for the people of this study only.
    """
    actor = request.user
    assert isinstance(actor, User)
    demand(may_read_original(scope_today(actor), statement.interview.study))
    subject, key = subject_of(statement)
    record_access(request, "original", subject, key)
    return original_pieces(statement)


def _collecting(study: Study, actor: User) -> Study:
    """The study, locked, if the actor may add to it now."""
    study = Study.objects.select_for_update().get(pk=study.pk)
    demand(may_collect(scope_today(actor), study))
    if not is_collecting(study):
        raise NotNow(
            _("调研现在是“%(status)s”，不再收新的诉求；如需补充，请先在调研页点“补充采集”。")
            % {"status": study.get_status_display()}
        )
    return study


def _check(facts: InterviewFacts) -> None:
    if facts.held_on and facts.held_on > timezone.localdate():
        raise BadEntry(_("访谈日期在今天之后，请检查。"))
    if facts.people < 1:
        raise BadEntry(_("受访人数至少是 1。"))


def _next_ordinal(study: Study) -> int:
    last = Statement.objects.filter(interview__study=study).aggregate(last=Max("ordinal"))["last"]
    return (last or 0) + 1


def _interviews(
    study: Study, rows: list[Heard], actor: User, source: Import | None
) -> dict[tuple[str, str, date | None], Interview]:
    """One new interview for every informant, method and day that occurs, in the order met."""
    people: dict[tuple[str, str, date | None], int] = {}
    for row in rows:
        key = (row.informant, row.method, row.held_on)
        people[key] = people.get(key, 0) + 1
    made = Interview.objects.bulk_create(
        Interview(
            study=study,
            source=source,
            informant=informant,
            method=method,
            held_on=held_on,
            heard_by=actor,
            # A row of a workbook is usually one person; nobody said so, hence the mark.
            people=number,
            people_estimated=True,
        )
        for (informant, method, held_on), number in people.items()
    )
    return dict(zip(people, made, strict=True))


def _shown(interview: Interview) -> dict[str, str]:
    return {
        "informant": interview.informant,
        "method": interview.method,
        "held_on": str(interview.held_on or ""),
        "people": str(interview.people),
        "note": interview.note,
    }
