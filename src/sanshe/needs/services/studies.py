"""Writing studies: create, edit, move."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry, NotNow
from sanshe.core.events import announce
from sanshe.core.history import record
from sanshe.core.masking import LONGEST_NOTE, masked
from sanshe.engine.flow import MoveNotAllowed
from sanshe.needs.models import (
    STUDY_FLOW,
    Interview,
    Quota,
    Statement,
    Study,
    StudyMove,
    StudyStatus,
)
from sanshe.needs.rules import COLLECTORS, NEEDS_REASON, may_edit_study, may_move_study
from sanshe.needs.services.actors import demand, scope_today
from sanshe.organizations.models import Organization
from sanshe.places.models import Division, Level


@dataclass(frozen=True)
class StudyFacts:
    """What people fill in about a study; `quotas` is people to hear by informant category."""

    title: str
    community: Division
    organization: Organization
    starts_on: date
    ends_on: date | None = None
    purpose: str = ""
    quotas: Mapping[str, int] = field(default_factory=dict)


@transaction.atomic
def create_study(*, facts: StudyFacts, actor: User) -> Study:
    """Begin a study; one that starts today or earlier is collecting from the first moment.

    Raises:
        NotPermitted: the person does not collect for this organisation.
        BadEntry: the place is not a community, or the period ends before it starts.
    """
    scope = scope_today(actor)
    demand(facts.organization.pk in scope.organization_pks(*COLLECTORS))
    facts = _masked(facts)
    _check(facts)
    begun = facts.starts_on <= timezone.localdate()
    study = Study.objects.create(
        title=facts.title,
        community=facts.community,
        organization=facts.organization,
        purpose=facts.purpose,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        status=StudyStatus.COLLECTING if begun else StudyStatus.PLANNED,
    )
    _set_quotas(study, facts.quotas)
    record(study, "create", actor=actor, changes={"title": study.title, "status": study.status})
    announce("study.create", study.pk)
    return study


@transaction.atomic
def edit_study(*, study: Study, facts: StudyFacts, actor: User) -> Study:
    """Change the facts of a study.

    Raises:
        NotPermitted: not a collector of the organisation, or the report is final.
        BadEntry: the community of a study that has heard somebody is to change.
    """
    study = Study.objects.select_for_update().get(pk=study.pk)
    demand(may_edit_study(scope_today(actor), study))
    facts = _masked(facts)
    _check(facts)
    if facts.organization.pk != study.organization_id:
        raise BadEntry(_("调研的承担机构不能更改，请另建一个调研。"))
    moved = facts.community.pk != study.community_id
    if moved and Interview.objects.filter(study=study).exists():
        raise BadEntry(_("已有访谈记录，社区不能更改；如选错了社区，请另建一个调研。"))
    before = _quotas(study)
    changes: dict[str, list[object]] = {}
    for name in ("title", "community", "purpose", "starts_on", "ends_on"):
        old, new = getattr(study, name), getattr(facts, name)
        if old != new:
            changes[name] = [None if old is None else str(old), None if new is None else str(new)]
            setattr(study, name, new)
    study.save()
    _set_quotas(study, facts.quotas)
    after = _quotas(study)
    if before != after:
        changes["quotas"] = [before, after]
    if changes:
        record(study, "edit", actor=actor, changes=changes)
    return study


@transaction.atomic
def move_study(*, study: Study, verb: str, actor: User, note: str = "") -> Study:
    """Make one move of the study's flow and write it into the history.

    Raises:
        NotPermitted: this person may not make this move.
        NotNow: the study is no longer where the move starts, or has heard nobody yet.
        BadEntry: a return or a reopening does not say why.
    """
    study = Study.objects.select_for_update().get(pk=study.pk)
    demand(may_move_study(scope_today(actor), verb, study))
    before = study.status
    try:
        study.status = STUDY_FLOW.target(verb, before)
    except MoveNotAllowed as error:
        raise NotNow(
            _("调研现在是“%(status)s”，不能%(verb)s；同事可能已处理，请刷新页面。")
            % {"status": study.get_status_display(), "verb": StudyMove(verb).label}
        ) from error
    note = masked(note.strip(), most=LONGEST_NOTE)
    if verb in NEEDS_REASON and not note:
        raise BadEntry(_("请写明“%(verb)s”的原因，让对方知道要改什么。") % {
            "verb": StudyMove(verb).label})  # fmt: skip
    heard = Statement.objects.filter(interview__study=study)
    if verb == StudyMove.SORT and not heard.exists():
        raise NotNow(_("还没有一条诉求，无法开始整理；请先导入访谈记录或现场录入。"))
    study.save(update_fields=["status", "updated_at"])
    record(study, verb, actor=actor, note=note, changes={"status": [before, study.status]})
    announce(f"study.{verb}", study.pk)
    return study


def _masked(facts: StudyFacts) -> StudyFacts:
    return replace(facts, title=masked(facts.title, most=80), purpose=masked(facts.purpose))


def _check(facts: StudyFacts) -> None:
    if facts.community.level != Level.COMMUNITY:
        raise BadEntry(_("请选择一个社区或村；一个调研只做一个社区。"))
    if facts.ends_on and facts.ends_on < facts.starts_on:
        raise BadEntry(_("结束日期早于开始日期，请检查。"))


def _quotas(study: Study) -> dict[str, int]:
    return dict(Quota.objects.filter(study=study).values_list("informant", "target"))


def _set_quotas(study: Study, quotas: Mapping[str, int]) -> None:
    """Make the quotas exactly these; zero means none."""
    wanted = {informant: target for informant, target in quotas.items() if target}
    Quota.objects.filter(study=study).exclude(informant__in=wanted).delete()
    Quota.objects.bulk_create(
        [Quota(study=study, informant=key, target=target) for key, target in wanted.items()],
        update_conflicts=True,
        unique_fields=["study", "informant"],
        update_fields=["target"],
    )
