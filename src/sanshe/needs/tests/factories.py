"""Studies, interviews and statements for tests."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from sanshe.accounts.models import User
from sanshe.needs.models import (
    Band,
    Informant,
    Interview,
    Method,
    Need,
    NeedStatus,
    Statement,
    Study,
    StudyStatus,
)
from sanshe.organizations.models import Organization
from sanshe.organizations.tests.factories import make_organization
from sanshe.places.models import Division
from sanshe.places.tests.factories import make_division
from sanshe.taxonomy.models import Field, NeedType


def make_study(
    title: str = "花园城社区需求调研",
    *,
    organization: Organization | None = None,
    community: Division | None = None,
    status: str = StudyStatus.COLLECTING,
    starts_on: date = date(2026, 3, 1),
) -> Study:
    """A study of 花园城社区 by 晨光, collecting."""
    return Study.objects.create(
        title=title,
        organization=organization or make_organization(),
        community=community or make_division(),
        starts_on=starts_on,
        status=status,
    )


def make_interview(
    study: Study | None = None,
    *,
    informant: str = Informant.RESIDENT,
    method: str = Method.VISIT,
    held_on: date | None = date(2026, 3, 5),
    heard_by: User | None = None,
    people: int = 1,
) -> Interview:
    """A visit to an ordinary resident."""
    return Interview.objects.create(
        study=study or make_study(),
        informant=informant,
        method=method,
        held_on=held_on,
        heard_by=heard_by,
        people=people,
    )


def make_statement(
    interview: Interview | None = None,
    text: str = "楼下的路灯坏了两个月，晚上老人不敢出门",
    *,
    label: NeedType | None = None,
    confidence: float = 0.0,
    checked: bool = False,
    safety: bool = False,
    recorded_by: User | None = None,
) -> Statement:
    """One thing a resident said, in the community of its study."""
    interview = interview or make_interview()
    last = Statement.objects.filter(interview__study=interview.study).count()
    return Statement.objects.create(
        interview=interview,
        community=interview.study.community,
        ordinal=last + 1,
        text=text,
        label=label,
        confidence=confidence,
        checked=checked,
        safety=safety,
        recorded_by=recorded_by,
    )


def make_need_type(code: str = "ENV03", name: str = "", *, safety: bool = False) -> NeedType:
    """A leaf of the tree and its field; the same code again is the same leaf."""
    field, _ = Field.objects.get_or_create(
        code=code[:3], defaults={"name_zh": code[:3], "name_en": code[:3]}
    )
    found, _ = NeedType.objects.get_or_create(
        code=code,
        defaults={
            "name_zh": name or code,
            "name_en": code,
            "field": field,
            "safety": safety,
        },
    )
    return found


def make_need(
    study: Study | None = None,
    title: str = "晚上路灯不亮，老人不敢出门",
    *,
    need_type: NeedType | None = None,
    status: str = NeedStatus.NEW,
    safety: bool = False,
    locked: bool = False,
    statements: Iterable[Statement] = (),
    voices: int = 0,
    band: str = Band.B,
    priority: float = 60.0,
    merged_into: Need | None = None,
) -> Need:
    """A need of 花园城社区; `voices` makes that many statements of one interview behind it."""
    study = study or make_study()
    need = Need.objects.create(
        study=study,
        community=study.community,
        need_type=need_type or make_need_type(),
        title=title,
        status=status,
        safety=safety,
        safety_since=timezone.now() if safety else None,
        locked=locked,
        band=Band.P0 if safety else band,
        priority=100.0 if safety else priority,
        merged_into=merged_into,
    )
    for statement in statements:
        statement.need = need
        statement.save(update_fields=["need"])
    if voices:
        interview = make_interview(study)
        for number in range(voices):
            statement = make_statement(
                interview, f"{title}（第{number + 1}位）", label=need.need_type, safety=safety
            )
            statement.need = need
            statement.save(update_fields=["need"])
    return need
