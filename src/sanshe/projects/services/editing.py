"""Editing a draft: its facts, its sections, the rows of its tables."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry
from sanshe.core.history import record
from sanshe.core.masking import masked
from sanshe.engine.draft import product_fen
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
from sanshe.projects.services.drafting import Plan
from sanshe.projects.services.gate import locked_for_editing
from sanshe.projects.services.wording import masked_section, masked_values

#: The tables of a proposal by the name they have in addresses.
TABLES: dict[str, type[models.Model]] = {
    "objectives": Objective,
    "plan": PlannedActivity,
    "team": TeamMember,
    "budget": BudgetLine,
    "risks": Risk,
}
LONGEST_SECTION = 40_000
#: Ten thousand million yuan: more than any project costs, and sums of it still fit the database.
MOST_FEN = 10**12


@transaction.atomic
def edit_facts(*, proposal: Proposal, plan: Plan, actor: User) -> Proposal:
    """Change the name, the head or the period.

    Raises:
        NotPermitted, NotNow: see `locked_for_editing`.
    """
    proposal = locked_for_editing(proposal, actor)
    changes = {}
    title = masked(plan.title, most=80)
    for name, value in (("title", title), ("lead", plan.lead), ("starts_on", plan.starts_on),
                        ("ends_on", plan.ends_on)):  # fmt: skip
        before = getattr(proposal, name)
        if before != value:
            changes[name] = [str(before or ""), str(value or "")]
            setattr(proposal, name, value)
    proposal.save()
    record(proposal, "edit", actor=actor, changes=changes)
    return proposal


@transaction.atomic
def edit_section(*, proposal: Proposal, number: int, text: str, seen: str, actor: User) -> Section:
    """Store the text of a section. `seen` is the moment of the version the person edited.

    Raises:
        NotPermitted, NotNow: see `locked_for_editing`.
        BadEntry: a colleague has saved this section meanwhile, or the text is too long.
    """
    proposal = locked_for_editing(proposal, actor)
    section = Section.objects.select_for_update().get(proposal=proposal, number=number)
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_SECTION:
        raise BadEntry(_("本章超过 %(n)d 字，请精简或移到附件。") % {"n": LONGEST_SECTION})
    text = masked_section(text)
    if section.text == text:
        return section
    if seen and seen != section.updated_at.isoformat():
        raise BadEntry(
            _("您编辑期间，%(who)s 已保存过本章。您的文字仍在下面，请对照后再保存。")
            % {"who": section.edited_by or _("系统")}
        )
    before, section.text, section.edited_by = section.text, text, actor
    section.save()
    record(section, "edit", actor=actor, changes={"text": [before, text]})
    return section


@transaction.atomic
def save_row(
    *, proposal: Proposal, table: str, values: dict[str, Any], actor: User, pk: int | None = None
) -> models.Model:
    """Add or change one row of a table. Money is whole fen; the amount is worked out here.

    `values` holds the cleaned fields of the row's form and, for objectives, `needs`.

    Raises:
        NotPermitted, NotNow: see `locked_for_editing`.
        BadEntry: the row is gone, an amount is absurd, or an objective names a need that is not
            in the proposal.
    """
    proposal = locked_for_editing(proposal, actor)
    model = TABLES[table]
    needs = values.get("needs")
    values = masked_values(model, {name: v for name, v in values.items() if name != "needs"})
    if pk is None:
        last = model._default_manager.filter(proposal=proposal).aggregate(n=models.Max("ordinal"))[
            "n"
        ]
        row = model(proposal=proposal, ordinal=0 if last is None else last + 1)
    else:
        found = model._default_manager.filter(proposal=proposal, pk=pk).first()
        if found is None:
            raise BadEntry(_("这一行已被删除，请刷新页面。"))
        row = found
    before = {name: str(getattr(row, name)) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    if isinstance(row, BudgetLine):
        row.amount_fen = product_fen(row.unit_price_fen, row.quantity)
        if row.amount_fen > MOST_FEN:
            raise BadEntry(_("单价乘数量超过 100 亿元，请核对这一行的单价和数量。"))
    row.save()
    if isinstance(row, Objective) and needs is not None:
        _link(row, needs, proposal)
    after = {name: str(getattr(row, name)) for name in values}
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    record(row, "create" if pk is None else "edit", actor=actor, changes=changes)
    return row


def _link(row: Objective, needs: Any, proposal: Proposal) -> None:
    allowed = set(proposal.needs.filter(safety=False).values_list("pk", flat=True))
    wanted = {need.pk for need in needs}
    if not wanted <= allowed:
        raise BadEntry(_("目标只能对应本方案纳入的需求。"))
    row.links.exclude(need__in=wanted).delete()
    have = set(row.links.values_list("need_id", flat=True))
    ObjectiveNeed.objects.bulk_create(
        ObjectiveNeed(objective=row, need_id=need) for need in sorted(wanted - have)
    )


@transaction.atomic
def delete_row(*, proposal: Proposal, table: str, pk: int, actor: User) -> None:
    """Take a row out of a table; what it said stays in the history. Twice is as good as once."""
    proposal = locked_for_editing(proposal, actor)
    row = TABLES[table]._default_manager.filter(proposal=proposal, pk=pk).first()
    if row is None:
        return
    record(row, "delete", actor=actor, changes={"row": [str(row), ""]})
    row.delete()
