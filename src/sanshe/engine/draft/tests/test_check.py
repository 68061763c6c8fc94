"""Every rule of the proposal's validations, broken once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from sanshe.engine.draft import WITHDRAWN, Draft, Paragraph, Section, TeamRow, check
from sanshe.engine.draft.check import PROBLEMS
from sanshe.engine.draft.tests.factories import make_draft


def whole() -> Draft:
    """A proposal that may be handed in."""
    return replace(make_draft(), team=(TeamRow("项目负责人", "王某", "社会工作师", 20),))


def codes(made: Draft) -> set[str]:
    return {problem.code for problem in check(made)}


def with_objective(**changes: object) -> Draft:
    made = whole()
    return replace(made, objectives=(replace(made.objectives[0], **changes),
                                     *made.objectives[1:]))  # type: ignore[arg-type]  # fmt: skip


def with_activity(**changes: object) -> Draft:
    made = whole()
    return replace(made, activities=(replace(made.activities[1], **changes),
                                     *made.activities[2:]))  # type: ignore[arg-type]  # fmt: skip


def with_cover(**changes: object) -> Draft:
    made = whole()
    return replace(made, cover=replace(made.cover, **changes))  # type: ignore[arg-type]


def with_section(number: int, *blocks: Paragraph) -> Draft:
    made = whole()
    return replace(made, sections=tuple(
        Section(s.number, s.title, blocks) if s.number == number else s for s in made.sections
    ))  # fmt: skip


def with_line(**changes: object) -> Draft:
    made = whole()
    return replace(made, budget=(replace(made.budget[0], **changes), *made.budget[1:]))  # type: ignore[arg-type]


BROKEN: dict[str, Callable[[], Draft]] = {
    "no_title": lambda: with_cover(title=" "),
    "no_period": lambda: with_cover(ends_on=None),
    "period_order": lambda: with_cover(ends_on=date(2026, 6, 30)),
    "section_missing": lambda: replace(whole(), sections=whole().sections[1:]),
    "section_empty": lambda: with_section(3),
    "blanks": whole,
    "withdrawn": lambda: with_section(3, Paragraph(f"有人说：“{WITHDRAWN}”。")),
    "note_unknown": lambda: with_section(3, Paragraph("没有来源[^404]。")),
    "no_objectives": lambda: replace(whole(), objectives=()),
    "objective_indicator": lambda: with_objective(indicator=""),
    "objective_target": lambda: with_objective(target=0),
    "objective_need": lambda: with_objective(needs=()),
    "objective_unserved": lambda: replace(whole(), activities=whole().activities[:1]),
    "objective_due": lambda: with_objective(due_on=date(2028, 1, 1)),
    "objective_sum": lambda: with_objective(target=7),
    "no_activities": lambda: replace(whole(), activities=()),
    "activity_kind": lambda: with_activity(kind="party"),
    "activity_month": lambda: with_activity(month=13),
    "activity_size": lambda: with_activity(people=0),
    "activity_objective": lambda: with_activity(objective=9),
    "no_team": lambda: replace(whole(), team=()),
    "no_certified": lambda: replace(whole(), team=(TeamRow("督导", "王某"),)),
    "no_budget": lambda: replace(whole(), budget=()),
    "budget_account": lambda: with_line(account="x"),
    "budget_unpriced": whole,
    "budget_zero": lambda: replace(whole(), budget=whole().budget[:1]),
    "no_risks": lambda: replace(whole(), risks=()),
    "output_far": lambda: with_activity(kind="activity", sessions=100),
}


def test_every_problem_has_a_case() -> None:
    assert set(BROKEN) == set(PROBLEMS)


def test_a_sound_proposal_has_no_hard_problem() -> None:
    assert not [problem.message for problem in check(whole()) if problem.hard]


@pytest.mark.parametrize("code", BROKEN)
def test_what_is_wrong_is_found_and_said(code: str) -> None:
    found = [problem for problem in check(BROKEN[code]()) if problem.code == code]
    assert found
    assert "{" not in found[0].message + found[0].message_en


def test_a_reason_may_stand_for_a_need() -> None:
    assert "objective_need" not in codes(with_objective(needs=(), override="社区统一要求"))


def test_a_month_is_counted_only_where_the_period_is_known() -> None:
    made = with_activity(month=13)
    open_end = replace(made, cover=replace(made.cover, ends_on=None))
    assert "activity_month" not in codes(open_end)


def test_amounts_are_exact_and_round_half_up() -> None:
    line = replace(whole().budget[0], unit_price_fen=333, quantity=Decimal("1.5"))
    assert line.amount_fen == 500
    assert replace(line, unit_price_fen=1, quantity=Decimal("0.5")).amount_fen == 1
