"""A proposal drafted from a study: what is in it, what never is, what goes stale."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from sanshe.core.errors import BadEntry, NotNow, NotPermitted
from sanshe.engine.draft import blocks_of, check, notes_in
from sanshe.matching.tests.factories import make_match, make_offer, make_run
from sanshe.needs.models import Need, NeedStatus, Statement, Study
from sanshe.needs.tests.factories import make_interview, make_need, make_statement, make_study
from sanshe.organizations.tests.factories import Cast
from sanshe.projects.models import BudgetLine, Objective, Proposal, ProposalStatus
from sanshe.projects.selectors.choice import suggested_needs
from sanshe.projects.selectors.document import document_of
from sanshe.projects.selectors.pages import page_of
from sanshe.projects.selectors.stale import prints_of, stale_in, unsupported_in
from sanshe.projects.services.drafting import (
    Plan,
    accept_changes,
    create_proposal,
    redraft_section,
)
from sanshe.projects.services.editing import delete_row, edit_section, save_row
from sanshe.projects.tests.factories import in_state, make_proposal, needs_of

pytestmark = pytest.mark.django_db


def test_a_draft_has_sixteen_sections_and_links_each_objective_to_a_need(
    cast: Cast, study: Study
) -> None:
    proposal = make_proposal(study, cast.social_worker)
    assert [s.number for s in proposal.sections.all()] == list(range(1, 17))
    assert proposal.objectives.exists()
    assert all(objective.links.exists() for objective in proposal.objectives.all())
    assert proposal.activities.exists() and proposal.budget.exists() and proposal.risks.exists()


def test_the_needs_analysis_quotes_voices_as_footnotes(cast: Cast, study: Study) -> None:
    proposal = make_proposal(study, cast.social_worker)
    text = proposal.sections.get(number=4).text
    voices = Statement.objects.filter(need__in=proposal.needs.all())
    assert any(f"[^{voice.pk}]" in text for voice in voices)


def test_a_number_typed_for_another_studys_statement_shows_nothing(
    cast: Cast, study: Study
) -> None:
    proposal = make_proposal(study, cast.social_worker)
    elsewhere = make_study("别的调研", organization=cast.agency)
    foreign = make_statement(make_interview(elsewhere), "别的社区的人说的话")
    proposal.sections.filter(number=4).update(text=f"有人说[^{foreign.pk}]")
    assert str(foreign.pk) not in document_of_today(proposal).notes


def test_what_is_not_answered_is_counted_and_listed_with_its_reason(
    cast: Cast, study: Study
) -> None:
    left = make_need(study, "想有个球场", status=NeedStatus.REFERRED, voices=2)
    loose = make_statement(make_interview(study), "没什么意见")
    assert loose.need_id is None
    proposal = make_proposal(study, cast.social_worker)
    text = {section.number: section.text for section in proposal.sections.all()}
    assert "记录诉求9条，归并为需求3项" in text[3]
    assert f"{left.band}：{left.title}（2）" in text[16] and "已转介" in text[16]
    assert left.title not in text[4]
    assert not Statement.objects.filter(need=left, pk__in=quoted(proposal)).exists()
    assert proposal.needs.count() == 2


def quoted(proposal: Proposal) -> list[int]:
    text = "\n".join(section.text for section in proposal.sections.all())
    return [int(key) for key in notes_in(text)]


def test_what_was_said_in_danger_is_not_counted(cast: Cast, study: Study) -> None:
    make_need(study, "孩子身上有伤", safety=True, voices=2)
    proposal = make_proposal(study, cast.social_worker)
    assert "记录诉求6条，归并为需求2项" in proposal.sections.get(number=3).text


def test_a_proposal_suggests_the_rule_of_the_engine(cast: Cast, study: Study) -> None:
    best = make_need(study, "最要紧", band="A", priority=80.0)
    make_need(study, "已转介的", band="A", priority=90.0, status=NeedStatus.REFERRED)
    make_need(study, "危险", band="P0", priority=100.0, safety=True)
    plain = [make_need(study, f"普通{n}", band="C", priority=50.0 - n) for n in range(14)]
    make_match(make_run(study), plain[13], make_offer("能接的", capacity=5))
    expected = [best, *plain[:10], plain[13]]
    assert [n.pk for n in suggested_needs(study)] == [n.pk for n in expected]


def test_what_the_machine_cannot_know_stays_a_blank(cast: Cast, study: Study) -> None:
    proposal = make_proposal(study, cast.social_worker)
    assert page_of(proposal).blanks > 0


def test_safety_needs_never_reach_a_proposal(cast: Cast, study: Study) -> None:
    safety = make_need(study, "孩子身上有伤", safety=True, voices=2)
    with pytest.raises(BadEntry):
        create_proposal(study=study, needs=[safety], plan=Plan("不该有"), actor=cast.social_worker)
    proposal = make_proposal(study, cast.social_worker)
    proposal.needs.add(safety)
    redraft_section(proposal=proposal, number=4, actor=cast.social_worker)
    everything = "".join(section.text for section in proposal.sections.all())
    assert "身上有伤" not in everything
    assert all(need.title != "孩子身上有伤" for need in document_of_today(proposal).needs)


def document_of_today(proposal):  # type: ignore[no-untyped-def]
    from django.utils import timezone

    return document_of(proposal, timezone.localdate())


def test_needs_of_another_study_are_refused(cast: Cast, study: Study) -> None:
    other = make_need(make_study("别的调研", organization=cast.agency))
    with pytest.raises(BadEntry):
        create_proposal(study=study, needs=[other], plan=Plan("x"), actor=cast.social_worker)


def test_strangers_and_the_committee_do_not_draft(cast: Cast, study: Study) -> None:
    need = make_need(study)
    for person in (cast.stranger, cast.community_worker, cast.supervisor):
        with pytest.raises(NotPermitted):
            create_proposal(study=study, needs=[need], plan=Plan("x"), actor=person)


def test_a_section_goes_stale_when_its_needs_change_and_fresh_when_drafted_again(
    cast: Cast, study: Study
) -> None:
    proposal = make_proposal(study, cast.social_worker)
    section = proposal.sections.get(number=4)
    assert stale_in(section, prints_of(proposal)) == []
    need = needs_of(proposal)[0]
    Need.objects.filter(pk=need.pk).update(title="楼道灯也不亮")
    voice = make_statement(make_interview(study), "楼道也黑")
    Statement.objects.filter(pk=voice.pk).update(need=need)
    changes = stale_in(section, prints_of(proposal))
    assert len(changes) == 1
    assert "楼道灯也不亮" in changes[0].change and "由 3 变为 4" in changes[0].change
    section = redraft_section(proposal=proposal, number=4, actor=cast.social_worker)
    assert "楼道灯也不亮" in section.text
    assert stale_in(section, prints_of(proposal)) == []


def test_people_may_keep_their_words_although_needs_changed(cast: Cast, study: Study) -> None:
    proposal = make_proposal(study, cast.social_worker)
    before = proposal.sections.get(number=4).text
    Need.objects.filter(pk=needs_of(proposal)[0].pk).update(title="改了名")
    section = accept_changes(proposal=proposal, number=4, actor=cast.social_worker)
    assert section.text == before
    assert stale_in(section, prints_of(proposal)) == []


def test_figures_without_a_source_are_marked() -> None:
    said = "本社区有六成老人独居。据表4-1，共访谈31人。居民希望有人陪。老人反映吃饭难，共12人[^5]。"
    assert unsupported_in(3, blocks_of(said)) == ["本社区有六成老人独居。"]
    assert unsupported_in(12, blocks_of(said)) == []


def test_a_quotation_of_several_sentences_shares_its_footnote() -> None:
    said = "老人说：“家里2个人。一天吃1顿！”[^5]。另有3人没有出处。"
    assert unsupported_in(3, blocks_of(said)) == ["另有3人没有出处。"]


def test_the_machine_claims_nothing_without_a_source(cast: Cast, study: Study) -> None:
    for number in range(3):
        make_need(study, f"没有选的需求{number}", voices=2)
    page = page_of(make_proposal(study, cast.social_worker))
    assert [words for section in page.sections for words in section.unsupported] == []


def test_two_people_who_edit_one_section_do_not_overwrite_each_other(
    cast: Cast, study: Study
) -> None:
    proposal = make_proposal(study, cast.social_worker)
    seen = proposal.sections.get(number=3).updated_at.isoformat()
    edit_section(proposal=proposal, number=3, text="甲写的", seen=seen, actor=cast.social_worker)
    with pytest.raises(BadEntry):
        edit_section(proposal=proposal, number=3, text="乙写的", seen=seen, actor=cast.manager)
    assert proposal.sections.get(number=3).text == "甲写的"


def test_a_budget_line_is_price_times_quantity_to_the_fen(cast: Cast, study: Study) -> None:
    proposal = make_proposal(study, cast.social_worker)
    values = {
        "account": "3", "item": "材料", "unit_price_fen": 333, "unit": "份",
        "quantity": Decimal("1.50"), "basis": "", "funder": "",
    }  # fmt: skip
    row = save_row(proposal=proposal, table="budget", values=values, actor=cast.social_worker)
    assert isinstance(row, BudgetLine)
    assert row.amount_fen == 500  # 499.5 rounds half up
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.filter(pk=row.pk).update(amount_fen=502)


def test_rows_can_be_deleted_twice_without_harm(cast: Cast, study: Study) -> None:
    proposal = make_proposal(study, cast.social_worker)
    pk = proposal.risks.first().pk  # type: ignore[union-attr]
    for _again in range(2):
        delete_row(proposal=proposal, table="risks", pk=pk, actor=cast.social_worker)
    assert not proposal.risks.filter(pk=pk).exists()


def test_an_objective_names_only_needs_of_its_proposal(cast: Cast, study: Study) -> None:
    proposal = make_proposal(study, cast.social_worker)
    objective = proposal.objectives.first()
    assert isinstance(objective, Objective)
    with pytest.raises(BadEntry):
        save_row(
            proposal=proposal, table="objectives", pk=objective.pk, actor=cast.social_worker,
            values={"statement": "新目标", "needs": [make_need(study, "不在方案里")]},
        )  # fmt: skip
    objective.refresh_from_db()
    assert objective.statement != "新目标"


@pytest.mark.parametrize("status", [s for s in ProposalStatus if s != ProposalStatus.DRAFT])
def test_only_a_draft_is_edited(cast: Cast, study: Study, status: str) -> None:
    proposal = in_state(make_proposal(study, cast.social_worker), status)
    with pytest.raises(NotNow):
        edit_section(proposal=proposal, number=3, text="新的", seen="", actor=cast.social_worker)


def test_the_made_ready_proposal_has_no_hard_fault(cast: Cast, study: Study) -> None:
    proposal = make_proposal(study, cast.social_worker)
    assert [p.message for p in check(document_of_today(proposal)) if p.hard] == []
