"""The rows the machine wrote, into the tables of a proposal."""

from collections.abc import Collection

from sanshe.engine.draft import Draft
from sanshe.projects.models import (
    BudgetLine,
    Objective,
    ObjectiveNeed,
    PlannedActivity,
    Proposal,
    Risk,
    TeamMember,
)
from sanshe.projects.selectors.tables import TABLES
from sanshe.talent.models import Worker


def store_tables(proposal: Proposal, written: Draft, only: Collection[int] = tuple(TABLES)) -> None:
    """Replace the rows of these tables, named by their sections; 7 and 8 go together."""
    if 7 in only:
        _objectives_and_activities(proposal, written)
    if 10 in only:
        _team(proposal, written)
    if 11 in only:
        _budget(proposal, written)
    if 12 in only:
        proposal.risks.all().delete()
        Risk.objects.bulk_create(
            Risk(proposal=proposal, ordinal=index, risk=row.risk[:160], response=row.response[:240])
            for index, row in enumerate(written.risks)
        )


def _objectives_and_activities(proposal: Proposal, written: Draft) -> None:
    proposal.activities.all().delete()
    proposal.objectives.all().delete()
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


def _team(proposal: Proposal, written: Draft) -> None:
    proposal.team.all().delete()
    staff = {w.name: w for w in Worker.objects.filter(organization=proposal.organization)}
    TeamMember.objects.bulk_create(
        TeamMember(
            proposal=proposal, ordinal=index, worker=staff.get(row.name), part=row.part[:40],
            hours_week=row.hours_week,
        )
        for index, row in enumerate(written.team)
    )  # fmt: skip


def _budget(proposal: Proposal, written: Draft) -> None:
    proposal.budget.all().delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(
            proposal=proposal, ordinal=index, account=row.account, item=row.item[:80],
            unit_price_fen=row.unit_price_fen, unit=row.unit[:12], quantity=row.quantity,
            amount_fen=row.amount_fen, basis=row.basis[:160], funder=row.funder[:60],
        )
        for index, row in enumerate(written.budget)
    )  # fmt: skip
