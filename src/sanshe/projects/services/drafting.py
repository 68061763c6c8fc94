"""Drafting a proposal from a study, and drafting single sections again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry
from sanshe.core.history import record
from sanshe.engine.draft import Draft, draft, text_of
from sanshe.matching.models import MatchRun
from sanshe.needs.models import Need, Study
from sanshe.needs.services.actors import demand, scope_today
from sanshe.projects.models import (
    BudgetLine,
    Objective,
    ObjectiveNeed,
    PlannedActivity,
    Proposal,
    Risk,
    Section,
    TeamMember,
)
from sanshe.projects.rules import may_create
from sanshe.projects.selectors.facts import facts_of
from sanshe.projects.selectors.stale import prints_of
from sanshe.projects.services.gate import locked_for_editing
from sanshe.talent.models import Worker


@dataclass(frozen=True)
class Plan:
    """What people settle before the draft: its name, its head, its period."""

    title: str
    lead: Worker | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def create_proposal(*, study: Study, needs: Iterable[Need], plan: Plan, actor: User) -> Proposal:
    """Draft a proposal for chosen needs of a study, with all its sections and tables.

    Raises:
        NotPermitted: the person does not write for the agency of this study.
        BadEntry: no need was chosen, or one belongs elsewhere or concerns safety.
    """
    demand(may_create(scope_today(actor), study))
    chosen = list(needs)
    if not chosen:
        raise BadEntry(_("请至少选择一项需求；方案要回应需求。"))
    if any(need.safety or need.study_id != study.pk for need in chosen):
        raise BadEntry(_("所选需求中有不属于本调研或涉及人身安全的，不能写进方案。"))
    proposal = Proposal.objects.create(
        study=study,
        match_run=MatchRun.objects.filter(study=study, current=True).first(),
        community=study.community,
        organization=study.organization,
        title=plan.title,
        lead=plan.lead,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
    )
    proposal.needs.set(chosen)
    written = draft(**vars(facts_of(proposal, timezone.localdate())))
    _store_sections(proposal, written)
    _store_tables(proposal, written)
    record(proposal, "create", actor=actor, changes={"needs": [need.title for need in chosen]})
    return proposal


def fresh_draft(proposal: Proposal) -> Draft:
    """What the machine would write today; stores nothing."""
    return draft(**vars(facts_of(proposal, timezone.localdate())))


@transaction.atomic
def redraft_section(*, proposal: Proposal, number: int, actor: User) -> Section:
    """Replace one section by a new draft; what people wrote stays in the history.

    Raises:
        NotPermitted, NotNow: see `locked_for_editing`.
    """
    proposal = locked_for_editing(proposal, actor)
    section = Section.objects.select_for_update().get(proposal=proposal, number=number)
    before = section.text
    now = prints_of(proposal)
    written = fresh_draft(proposal).section(number)
    section.text = section.drafted = text_of(written.blocks)
    section.drafted_from = {key: now[key] for key in written.needs if key in now}
    section.edited_by = None
    section.save()
    record(section, "redraft", actor=actor, changes={"text": [before, section.text]})
    return section


@transaction.atomic
def accept_changes(*, proposal: Proposal, number: int, actor: User) -> Section:
    """Keep the text of a section although the needs have changed: it is no longer stale."""
    proposal = locked_for_editing(proposal, actor)
    section = Section.objects.select_for_update().get(proposal=proposal, number=number)
    now = prints_of(proposal)
    section.drafted_from = {key: now[key] for key in section.drafted_from if key in now}
    section.save(update_fields=["drafted_from", "updated_at"])
    record(section, "keep", actor=actor)
    return section


def _store_sections(proposal: Proposal, written: Draft) -> None:
    now = prints_of(proposal)
    Section.objects.bulk_create(
        Section(
            proposal=proposal,
            number=section.number,
            text=text_of(section.blocks),
            drafted=text_of(section.blocks),
            drafted_from={key: now[key] for key in section.needs if key in now},
        )
        for section in written.sections
    )


def _store_tables(proposal: Proposal, written: Draft) -> None:
    objectives = Objective.objects.bulk_create(
        Objective(
            proposal=proposal, ordinal=index, statement=row.statement[:200],
            indicator=row.indicator[:80], unit=row.unit[:12], baseline=row.baseline[:60],
            target=row.target, source=row.source[:80], due_on=row.due_on,
            override=row.override[:200],
        )
        for index, row in enumerate(written.objectives)
    )  # fmt: skip
    ObjectiveNeed.objects.bulk_create(
        ObjectiveNeed(objective=objective, need_id=int(need))
        for objective, row in zip(objectives, written.objectives, strict=True)
        for need in row.needs
    )
    PlannedActivity.objects.bulk_create(
        PlannedActivity(
            proposal=proposal, ordinal=index, kind=row.kind, title=row.title[:120],
            sessions=row.sessions, people=row.people, month=row.month, owner=row.owner[:60],
            objective=None if row.objective is None else objectives[row.objective],
        )
        for index, row in enumerate(written.activities)
    )  # fmt: skip
    BudgetLine.objects.bulk_create(
        BudgetLine(
            proposal=proposal, ordinal=index, account=row.account, item=row.item[:80],
            unit_price_fen=row.unit_price_fen, unit=row.unit[:12], quantity=row.quantity,
            amount_fen=row.amount_fen, basis=row.basis[:160], funder=row.funder[:60],
        )
        for index, row in enumerate(written.budget)
    )  # fmt: skip
    Risk.objects.bulk_create(
        Risk(proposal=proposal, ordinal=index, risk=row.risk[:160], response=row.response[:240])
        for index, row in enumerate(written.risks)
    )
    staff = {w.name: w for w in Worker.objects.filter(organization=proposal.organization)}
    TeamMember.objects.bulk_create(
        TeamMember(
            proposal=proposal, ordinal=index, worker=staff.get(row.name), part=row.part[:40],
            hours_week=row.hours_week,
        )
        for index, row in enumerate(written.team)
    )  # fmt: skip
