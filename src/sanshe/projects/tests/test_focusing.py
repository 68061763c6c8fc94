"""Choosing other needs for a drafted proposal: what is written anew, what stays and is marked."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from sanshe.core.errors import BadEntry, NotNow, NotPermitted
from sanshe.core.models import HistoryLine
from sanshe.engine.draft import check
from sanshe.matching.models import MatchRun
from sanshe.matching.tests.factories import make_match, make_offer, make_run
from sanshe.needs.models import Need, NeedStatus, Study
from sanshe.needs.tests.factories import make_need, make_need_type, make_study
from sanshe.organizations.tests.factories import Cast
from sanshe.projects.models import BudgetLine, Proposal, ProposalStatus, Section
from sanshe.projects.selectors.pages import page_of
from sanshe.projects.selectors.refocus import refocus_of
from sanshe.projects.selectors.stale import prints_of, stale_in
from sanshe.projects.services.drafting import accept_changes, redraft_section
from sanshe.projects.services.editing import edit_section, save_row
from sanshe.projects.services.focusing import choose_needs
from sanshe.projects.tests.factories import in_state, make_proposal, needs_of
from sanshe.projects.tests.test_drafting import document_of_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def meals(study: Study) -> Need:
    """A need of another field, which the proposal left for later."""
    kind = make_need_type("ELD03", "助餐送餐")
    return make_need(study, "中午没人做饭", need_type=kind, status=NeedStatus.CLASSIFIED, voices=2)


@pytest.fixture
def proposal(cast: Cast, study: Study, meals: Need) -> Proposal:
    """As the machine wrote it, for two needs of one field; another was left."""
    return make_proposal(study, cast.social_worker, ready=False)


def section(proposal: Proposal, number: int) -> Section:
    return proposal.sections.get(number=number)


def write(proposal: Proposal, number: int, text: str, cast: Cast) -> None:
    edit_section(proposal=proposal, number=number, text=text, seen="", actor=cast.social_worker)


def changes(proposal: Proposal, number: int) -> list[str]:
    found = stale_in(section(proposal, number), prints_of(proposal))
    return [f"{change.title}：{change.change}" for change in found]


def test_what_nobody_edited_is_written_for_the_new_needs(
    cast: Cast, proposal: Proposal, meals: Need
) -> None:
    assert meals.title in section(proposal, 16).text
    kept = needs_of(proposal)[0]
    change = choose_needs(proposal=proposal, needs=[kept, meals], actor=cast.social_worker)
    assert meals.title in section(proposal, 4).text
    assert meals.title not in section(proposal, 16).text
    assert "电动车没处充电" in section(proposal, 16).text, "what goes is listed, not lost"
    assert {need.pk for need in needs_of(proposal)} == {kept.pk, meals.pk}
    assert [need.pk for need in change.added] == [meals.pk] and not change.kept
    assert {link.need_id for o in proposal.objectives.all() for link in o.links.all()} == {
        kept.pk, meals.pk,
    }  # fmt: skip
    assert page_of(proposal).with_stale == []
    assert not [p.code for p in check(document_of_today(proposal)) if p.hard]


def test_what_people_wrote_stays_and_says_what_changed(
    cast: Cast, proposal: Proposal, meals: Need
) -> None:
    for number in (4, 16):
        write(proposal, number, "我们自己写的。", cast)
    kept, gone = needs_of(proposal)
    change = choose_needs(proposal=proposal, needs=[kept, meals], actor=cast.social_worker)
    assert [part.number for part in change.kept] == [4, 16]
    for number in (4, 16):
        assert section(proposal, number).text == "我们自己写的。"
        assert changes(proposal, number) == [
            f"{gone.title}：已不在方案的需求之中",
            f"{meals.title}：起草后才纳入方案",
        ]
    accept_changes(proposal=proposal, number=4, actor=cast.social_worker)
    redraft_section(proposal=proposal, number=16, actor=cast.social_worker)
    assert page_of(proposal).with_stale == []


def test_a_section_that_would_say_the_same_is_not_stale(
    cast: Cast, proposal: Proposal, meals: Need
) -> None:
    write(proposal, 2, "机构介绍由我们写。", cast)
    choose_needs(proposal=proposal, needs=[*needs_of(proposal), meals], actor=cast.social_worker)
    assert section(proposal, 2).text == "机构介绍由我们写。"
    assert changes(proposal, 2) == []


def test_a_table_that_people_worked_on_stays_with_those_that_refer_to_it(
    cast: Cast, proposal: Proposal, meals: Need
) -> None:
    activity = proposal.activities.exclude(objective=None).first()
    assert activity is not None
    save_row(proposal=proposal, table="plan", pk=activity.pk, values={"sessions": 99},
             actor=cast.social_worker)  # fmt: skip
    kept, gone = needs_of(proposal)
    rows = proposal.objectives.count(), proposal.budget.count()
    choose_needs(proposal=proposal, needs=[kept, meals], actor=cast.social_worker)
    assert (proposal.objectives.count(), proposal.budget.count()) == rows
    assert proposal.activities.get(pk=activity.pk).sessions == 99
    links = {link.need_id for o in proposal.objectives.all() for link in o.links.all()}
    assert links == {kept.pk}, "no objective points to a need that has left"
    for number in (7, 8, 11):
        assert any(meals.title in words for words in changes(proposal, number))
    assert section(proposal, 7).text == section(proposal, 7).drafted
    assert changes(proposal, 12) == []


def test_prices_that_were_filled_in_are_not_thrown_away(
    cast: Cast, proposal: Proposal, meals: Need
) -> None:
    line = BudgetLine.objects.filter(proposal=proposal).first()
    assert line is not None
    save_row(proposal=proposal, table="budget", pk=line.pk, actor=cast.social_worker,
             values={"unit_price_fen": 500_000})  # fmt: skip
    choose_needs(proposal=proposal, needs=[meals], actor=cast.social_worker)
    assert proposal.budget.get(pk=line.pk).unit_price_fen == 500_000
    assert changes(proposal, 11)


def test_the_same_needs_again_change_nothing(cast: Cast, proposal: Proposal) -> None:
    before = [(s.text, s.updated_at) for s in proposal.sections.all()]
    rows = list(proposal.objectives.values_list("pk", flat=True))
    choose_needs(proposal=proposal, needs=needs_of(proposal), actor=cast.social_worker)
    assert [(s.text, s.updated_at) for s in proposal.sections.all()] == before
    assert list(proposal.objectives.values_list("pk", flat=True)) == rows


def test_a_returned_proposal_becomes_a_draft_again(
    cast: Cast, proposal: Proposal, meals: Need
) -> None:
    in_state(proposal, ProposalStatus.RETURNED)
    choose_needs(proposal=proposal, needs=[meals], actor=cast.social_worker)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.number) == (ProposalStatus.DRAFT, 2)


@pytest.mark.parametrize(
    "status",
    [s for s in ProposalStatus if s not in (ProposalStatus.DRAFT, ProposalStatus.RETURNED)],
)
def test_nothing_is_chosen_while_others_have_it(
    client: Client, cast: Cast, proposal: Proposal, meals: Need, status: str
) -> None:
    in_state(proposal, status)
    with pytest.raises(NotNow):
        choose_needs(proposal=proposal, needs=[meals], actor=cast.social_worker)
    client.force_login(cast.social_worker)
    assert client.get(reverse("projects:choose", args=[proposal.pk])).status_code == 403


def test_only_its_writers_choose_and_only_plain_needs_of_its_study(
    client: Client, cast: Cast, study: Study, proposal: Proposal, meals: Need
) -> None:
    for person in (cast.supervisor, cast.stranger, cast.community_worker):
        with pytest.raises(NotPermitted):
            choose_needs(proposal=proposal, needs=[meals], actor=person)
    elsewhere = make_need(make_study("别的调研", organization=cast.agency), "别处的")
    for wrong in (elsewhere, make_need(study, "危险", safety=True)):
        with pytest.raises(BadEntry):
            choose_needs(proposal=proposal, needs=[wrong], actor=cast.social_worker)
        client.force_login(cast.social_worker)
        url = reverse("projects:choose", args=[proposal.pk])
        assert client.post(url, {"needs": [wrong.pk], "apply": "1"}).status_code == 422
    with pytest.raises(BadEntry):
        choose_needs(proposal=proposal, needs=[], actor=cast.social_worker)


def test_the_newest_match_run_counts(
    cast: Cast, study: Study, proposal: Proposal, meals: Need
) -> None:
    MatchRun.objects.filter(study=study).update(current=False)
    run = make_run(study)
    make_match(run, meals, make_offer("长者食堂", capacity=9))
    choose_needs(proposal=proposal, needs=[meals], actor=cast.social_worker)
    proposal.refresh_from_db()
    assert proposal.match_run == run
    assert "长者食堂" in section(proposal, 15).text


def test_looking_at_what_would_change_changes_nothing(
    client: Client, cast: Cast, proposal: Proposal, meals: Need
) -> None:
    write(proposal, 4, "我们自己写的。", cast)
    kept, gone = needs_of(proposal)
    client.force_login(cast.social_worker)
    url = reverse("projects:choose", args=[proposal.pk])
    page = client.get(url).content.decode()
    assert set(re.findall(r'value="(\d+)" data-pick checked', page)) == {str(kept.pk), str(gone.pk)}
    assert "已匹配：路灯巡修" in page
    before = HistoryLine.objects.count()
    page = client.post(url, {"needs": [kept.pk, meals.pk]}).content.decode()
    summary = page[page.index("会改什么") : page.index("按此修改方案")]
    assert meals.title in summary and gone.title in summary
    assert "4 需求分析" in summary[summary.index("有人改过，保留") :]
    assert "3 项目背景" in summary[: summary.index("有人改过，保留")]
    assert HistoryLine.objects.count() == before
    assert {need.pk for need in needs_of(proposal)} == {kept.pk, gone.pk}
    answer = client.post(url, {"needs": [kept.pk, meals.pk], "apply": "1"})
    assert answer["Location"] == proposal.get_absolute_url()
    assert {need.pk for need in needs_of(proposal)} == {kept.pk, meals.pk}


def test_what_is_told_beforehand_is_what_happens(
    cast: Cast, proposal: Proposal, meals: Need
) -> None:
    write(proposal, 5, "我们自己写的。", cast)
    told = refocus_of(proposal, [meals])
    done = choose_needs(proposal=proposal, needs=[meals], actor=cast.social_worker)
    assert [(p.number, p.words, p.rows) for p in told.parts] == [
        (p.number, p.words, p.rows) for p in done.parts
    ]
    document = document_of_today(proposal)
    assert len(told.planned.objectives) == len(document.objectives)
    assert told.planned.total_fen == document.total_fen


def test_more_than_a_project_can_carry_is_said(
    client: Client, cast: Cast, study: Study, proposal: Proposal
) -> None:
    many = [make_need(study, f"需求{n}", status=NeedStatus.CLASSIFIED) for n in range(13)]
    client.force_login(cast.social_worker)
    url = reverse("projects:choose", args=[proposal.pk])
    page = client.post(url, {"needs": [need.pk for need in many]}).content.decode()
    assert "超过建议的 12 项" in page
    assert client.post(url, {}).status_code in (200, 422)


@pytest.mark.parametrize("count", [2, 20])
def test_choosing_costs_the_same_for_few_and_many(
    client: Client,
    cast: Cast,
    study: Study,
    proposal: Proposal,
    count: int,
    django_assert_max_num_queries,
) -> None:  # type: ignore[no-untyped-def]
    for number in range(count):
        make_need(study, f"需求{number}", need_type=make_need_type(f"ENV{number % 3 + 1:02}"))
    client.force_login(cast.social_worker)
    url = reverse("projects:choose", args=[proposal.pk])
    with django_assert_max_num_queries(25):
        client.get(url)
    pks = list(Need.objects.filter(study=study).values_list("pk", flat=True))
    with django_assert_max_num_queries(60):
        client.post(url, {"needs": pks})
