"""Choosing other needs for a proposal that is already drafted."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import NotNow
from sanshe.core.history import record
from sanshe.needs.models import Need
from sanshe.needs.services.actors import demand, scope_today
from sanshe.projects.models import ObjectiveNeed, Proposal, ProposalMove, ProposalStatus, Section
from sanshe.projects.rules import CHOOSABLE, WRITERS, writes_for
from sanshe.projects.selectors.document import stored_document
from sanshe.projects.selectors.refocus import Part, Refocus, refocus_of
from sanshe.projects.selectors.stale import prints_of, titles_of
from sanshe.projects.selectors.tables import table_rows
from sanshe.projects.services.drafting import numbers_of
from sanshe.projects.services.flow import move_proposal
from sanshe.projects.services.gate import demand_fit, locked
from sanshe.projects.services.tables import store_tables


@transaction.atomic
def choose_needs(*, proposal: Proposal, needs: Iterable[Need], actor: User) -> Refocus:
    """Let a proposal answer these needs: what nobody has edited is written anew for them.

    Sections and tables that people have worked on stay as they are and are marked stale. A
    proposal that was sent back becomes a draft again.

    Raises:
        NotPermitted: the person does not write this proposal.
        NotNow: it has been handed in.
        BadEntry: no need was chosen, or one belongs elsewhere or concerns safety.
    """
    proposal, chosen = locked(proposal), list(needs)
    demand(writes_for(scope_today(actor), proposal, *WRITERS))
    if proposal.status not in CHOOSABLE:
        raise NotNow(
            _("方案现在是“%(state)s”，不能改换需求。需要修改时请先退回到草稿。")
            % {"state": proposal.get_status_display()}
        )
    demand_fit(chosen, proposal.study_id)
    if proposal.status == ProposalStatus.RETURNED:
        move_proposal(proposal=proposal, verb=ProposalMove.REVISE, actor=actor)
        proposal = locked(proposal)
    before = list(proposal.needs.all())
    told = titles_of(prints_of(proposal))
    change = refocus_of(proposal, chosen)
    proposal.needs.set(chosen)
    proposal.match_run = change.run
    proposal.save(update_fields=["match_run", "updated_at"])
    _store(proposal, change, told)
    record(proposal, "choose", actor=actor,
           changes={"needs": [numbers_of(before), numbers_of(chosen)]})  # fmt: skip
    return change


def _store(proposal: Proposal, change: Refocus, told: dict[str, str]) -> None:
    """`told`: the needs until now, for sections that do not know for which they were drafted."""
    store_tables(
        proposal, change.written, {part.number for part in change.parts if part.rows == "new"}
    )
    # What people wrote themselves may not point to a need that the proposal no longer answers.
    gone = [need.pk for need in change.removed]
    ObjectiveNeed.objects.filter(objective__proposal=proposal, need__in=gone).delete()
    now = prints_of(proposal)
    rows = table_rows(stored_document(proposal, timezone.localdate()))
    written = {section.number: section.needs for section in change.written.sections}
    for part in change.parts:
        _renew(part, {key: now[key] for key in written[part.number] if key in now})
        section = part.section
        if part.rows == "new":
            section.drafted_rows = rows[part.number]
        if not part.kept:
            section.drafted_for = titles_of(now)
        elif not section.drafted_for:
            section.drafted_for = told
    Section.objects.bulk_update(
        [part.section for part in change.parts],
        ["text", "drafted", "drafted_from", "drafted_for", "drafted_rows", "edited_by",
         "updated_at"],
    )  # fmt: skip


def _renew(part: Part, from_needs: dict[str, list[object]]) -> None:
    section = part.section
    if part.words == "kept":
        return
    section.drafted_from = from_needs
    if part.words == "new":
        section.text = section.drafted = part.text
        section.edited_by, section.updated_at = None, timezone.now()
