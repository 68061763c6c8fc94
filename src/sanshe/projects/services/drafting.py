"""Drafting a proposal from a study, and drafting single sections again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from sanshe.accounts.models import User
from sanshe.core.history import record
from sanshe.core.masking import masked
from sanshe.engine.draft import Draft, text_of
from sanshe.matching.models import MatchRun
from sanshe.needs.models import Need, Study
from sanshe.needs.services.actors import demand, scope_today
from sanshe.projects.models import Proposal, Section
from sanshe.projects.rules import may_create
from sanshe.projects.selectors.document import stored_document
from sanshe.projects.selectors.facts import fresh_draft
from sanshe.projects.selectors.stale import prints_of, titles_of
from sanshe.projects.selectors.tables import table_rows
from sanshe.projects.services.gate import demand_fit, locked_for_editing
from sanshe.projects.services.tables import store_tables
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
    demand_fit(chosen, study.pk)
    proposal = Proposal.objects.create(
        study=study,
        match_run=MatchRun.objects.filter(study=study, current=True).first(),
        community=study.community,
        organization=study.organization,
        title=masked(plan.title, most=80),
        lead=plan.lead,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
    )
    proposal.needs.set(chosen)
    written = fresh_draft(proposal, timezone.localdate())
    store_tables(proposal, written)
    _store_sections(proposal, written)
    record(proposal, "create", actor=actor, changes={"needs": [[], numbers_of(chosen)]})
    return proposal


def numbers_of(needs: Iterable[Need]) -> list[str]:
    """How history names needs: what it has written cannot be taken back, so it holds no words."""
    return [f"#{pk}" for pk in sorted(need.pk for need in needs)]


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
    written = fresh_draft(proposal, timezone.localdate()).section(number)
    section.text = section.drafted = text_of(written.blocks)
    section.drafted_from = {key: now[key] for key in written.needs if key in now}
    section.drafted_for = titles_of(now)
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
    section.drafted_for = titles_of(now)
    section.save(update_fields=["drafted_from", "drafted_for", "updated_at"])
    record(section, "keep", actor=actor)
    return section


def _store_sections(proposal: Proposal, written: Draft) -> None:
    now = prints_of(proposal)
    rows = table_rows(stored_document(proposal, timezone.localdate()))
    Section.objects.bulk_create(
        Section(
            proposal=proposal,
            number=section.number,
            text=text_of(section.blocks),
            drafted=text_of(section.blocks),
            drafted_from={key: now[key] for key in section.needs if key in now},
            drafted_for=titles_of(now),
            drafted_rows=rows.get(section.number),
        )
        for section in written.sections
    )
