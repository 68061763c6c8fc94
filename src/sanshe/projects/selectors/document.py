"""The proposal as it stands in the tables, in the shape that is checked, shown and exported."""

from dataclasses import replace
from datetime import date

from django.utils.translation import override

from sanshe.engine.draft import (
    SECTION_TITLES,
    Activity,
    BudgetLine,
    Cover,
    Draft,
    NeedRow,
    Note,
    Objective,
    Risk,
    Section,
    TeamRow,
    Withheld,
    blocks_of,
    notes_in,
)
from sanshe.matching.models import Gap, Match, MatchStatus
from sanshe.needs.models import Informant, Method, Need, Statement
from sanshe.needs.selectors.needs import KINDS, cards_of
from sanshe.projects.models import Proposal
from sanshe.projects.selectors.facts import certificate_of
from sanshe.projects.selectors.withheld import withheld_in


def document_of(proposal: Proposal, on: date, withheld: Withheld | None = None) -> Draft:
    """The stored proposal as a `Draft`, as it may be read. A fixed number of queries.

    `withheld`: what may not be read, where the caller has asked already.
    """
    stored = stored_document(proposal, on)
    if withheld is None:
        withheld = withheld_in(proposal.study_id)
    return withheld.everywhere(replace(stored, notes=withheld.readable(stored.notes)))


@override("zh-hans")  # A proposal is a Chinese paper, whatever language its reader's screen has.
def stored_document(proposal: Proposal, on: date) -> Draft:
    """The proposal with every word as it is stored: to compare with, never to show."""
    sections = list(proposal.sections.all())
    objectives = list(proposal.objectives.prefetch_related("links"))
    order = {row.pk: index for index, row in enumerate(objectives)}
    place = proposal.community
    return Draft(
        cover=Cover(
            title=proposal.title,
            community=place.short_name,
            community_code=place.code,
            town=place.parent.name if place.parent else "",
            organization=proposal.organization.name,
            lead=proposal.lead.name if proposal.lead else "",
            starts_on=proposal.starts_on,
            ends_on=proposal.ends_on,
            version=proposal.number,
            drafted_on=on,
        ),
        sections=tuple(
            Section(s.number, SECTION_TITLES[s.number], blocks_of(s.text)) for s in sections
        ),
        objectives=tuple(
            Objective(
                row.statement, row.indicator, row.unit, row.target, row.baseline, row.source,
                row.due_on, tuple(str(link.need_id) for link in row.links.all()), row.override,
            )
            for row in objectives
        ),
        activities=tuple(
            Activity(
                row.kind, row.title, row.sessions, row.people, row.month,
                order.get(row.objective_id or 0), row.owner,
            )
            for row in proposal.activities.all()
        ),
        budget=tuple(
            BudgetLine(
                row.account, row.item, row.unit_price_fen, row.unit, row.quantity, row.basis,
                row.funder,
            )
            for row in proposal.budget.all()
        ),
        risks=tuple(Risk(row.risk, row.response) for row in proposal.risks.all()),
        team=_team(proposal, on),
        needs=need_rows(proposal),
        notes=notes_for("\n".join(section.text for section in sections), proposal.study_id),
    )  # fmt: skip


def _team(proposal: Proposal, on: date) -> tuple[TeamRow, ...]:
    rows = proposal.team.select_related("worker").prefetch_related("worker__certificates")
    return tuple(
        TeamRow(
            row.part,
            row.worker.name if row.worker else "",
            certificate_of(row.worker, on) if row.worker else "",
            row.hours_week,
        )
        for row in rows
    )


def need_rows(proposal: Proposal) -> tuple[NeedRow, ...]:
    """The needs of the proposal, highest priority first; never a safety need. Five queries."""
    needs: list[Need] = list(
        proposal.needs.filter(safety=False)
        .select_related("need_type__field")
        .order_by("-priority", "pk")
    )
    run = proposal.match_run_id
    answered = {
        match.need_id: f"{match.offer.organization.name}：{match.offer.title}"
        for match in Match.objects.filter(run=run, need__in=needs)
        .exclude(status=MatchStatus.REFUSED)
        .select_related("offer__organization")
    }
    gaps = dict(Gap.objects.filter(run=run, need__in=needs).values_list("need_id", "reason"))
    return tuple(
        NeedRow(
            str(card.need.pk),
            card.need.title,
            card.need.need_type.field.name_zh,
            card.need.need_type.name_zh,
            card.need.band,
            card.need.priority,
            card.voices,
            tuple(label for label, _heard in card.informants),
            tuple(str(KINDS[kind]) for kind in KINDS if kind in card.need.bradshaw),
            answered.get(card.need.pk, ""),
            gaps.get(card.need.pk, ""),
        )
        for card in cards_of(needs)
    )


def notes_for(text: str, study: int) -> dict[str, Note]:
    """The statements of a study that footnotes of a text refer to; never safety statements.

    A number typed for a statement of another study is no note: it would show that study's words.
    """
    wanted = [int(key) for key in notes_in(text) if key.isdecimal() and len(key) < 18]
    found = Statement.objects.filter(
        pk__in=wanted, safety=False, interview__study=study
    ).select_related("interview")
    notes = {}
    for statement in found:
        interview = statement.interview
        day = interview.held_on
        source = [str(Informant(interview.informant).label), str(Method(interview.method).label)]
        if day:
            source.append(f"{day.year}年{day.month}月{day.day}日")
        notes[str(statement.pk)] = Note(str(statement.pk), statement.text, "，".join(source))
    return notes
