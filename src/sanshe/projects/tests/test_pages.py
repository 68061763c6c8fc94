"""The pages of proposals: who reaches them, what they show, what they cost."""

import io
import re
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from sanshe.accounts.models import User
from sanshe.core.models import AccessLine
from sanshe.needs.models import NeedStatus, Study
from sanshe.needs.services.actors import scope_today
from sanshe.needs.tests.factories import make_need, make_need_type, make_study
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import Cast, make_member
from sanshe.projects.models import Proposal, ProposalStatus
from sanshe.projects.selectors.pages import page_of
from sanshe.projects.services.flow import move_proposal
from sanshe.projects.services.review import remark
from sanshe.projects.tests.factories import in_state, make_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(cast: Cast, study: Study) -> Proposal:
    return make_proposal(study, cast.social_worker)


def get(client: Client, person: User, url: str) -> tuple[int, str]:
    client.force_login(person)
    answer = client.get(url)
    return answer.status_code, answer.content.decode()


def test_a_social_worker_drafts_from_chosen_needs(client: Client, cast: Cast, study: Study) -> None:
    need = make_need(study, status=NeedStatus.CLASSIFIED, voices=2)
    safety = make_need(study, "孩子身上有伤", safety=True)
    url = reverse("projects:create", args=[study.pk])
    _status, page = get(client, cast.social_worker, url)
    assert need.title in page and safety.title not in page
    answer = client.post(url, {"title": "新项目", "needs": [need.pk]})
    assert Proposal.objects.get().get_absolute_url() == answer["Location"]
    refused = client.post(url, {"title": "新项目", "needs": [safety.pk]})
    assert refused.status_code == 422


def ticked(page: str) -> set[str]:
    boxes = re.findall(r'<input[^>]*name="needs"[^>]*>', page)
    return {re.findall(r'value="(\d+)"', box)[0] for box in boxes if " checked" in box}


def test_a_new_proposal_begins_with_the_suggested_needs(
    client: Client, cast: Cast, study: Study
) -> None:
    best = [make_need(study, f"要紧{n}", band="B", priority=60.0 - n) for n in range(12)]
    later = make_need(study, "下一期", band="C", priority=40.0)
    url = reverse("projects:create", args=[study.pk])
    _status, page = get(client, cast.social_worker, url)
    assert ticked(page) == {str(need.pk) for need in best}
    assert later.title in page
    _status, page = get(client, cast.social_worker, f"{url}?choose=all")
    assert ticked(page) == {str(need.pk) for need in [*best, later]}
    answer = client.post(url, {"title": "", "needs": [later.pk]})
    assert ticked(answer.content.decode()) == {str(later.pk)}, "what was ticked stays ticked"


@pytest.mark.parametrize("count", [2, 20])
def test_choosing_needs_costs_the_same_for_few_and_many(
    client: Client, cast: Cast, study: Study, count: int, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for number in range(count):
        make_need(study, f"需求{number}", need_type=make_need_type(f"ENV{number % 3 + 1:02}"))
    client.force_login(cast.social_worker)
    with django_assert_max_num_queries(16):
        client.get(reverse("projects:create", args=[study.pk]))


def test_every_section_has_a_page_of_its_own(
    client: Client, cast: Cast, proposal: Proposal
) -> None:
    _status, whole = get(client, cast.social_worker, proposal.get_absolute_url())
    for number in (1, 4, 16):
        url = reverse("projects:section_read", args=[proposal.pk, number])
        assert f'href="{url}"' in whole
        status, page = get(client, cast.social_worker, url)
        assert status == 200 and f'id="section-{number}"' in page
    assert get(client, cast.social_worker, url.replace("16", "17"))[0] == 404
    assert get(client, cast.stranger, url)[0] == 404


def test_sections_are_folded_until_asked_for(
    client: Client, cast: Cast, proposal: Proposal
) -> None:
    url = proposal.get_absolute_url()
    for query, unfolded in (("", 0), ("?open=7", 1), ("?open=all", 16)):
        _status, page = get(client, cast.social_worker, url + query)
        chapters = re.findall(r'<section class="card chapter">.*?<details([^>]*)>', page, re.S)
        assert len(chapters) == 16
        assert sum("open" in attributes for attributes in chapters) == unfolded


def test_the_state_of_a_section_says_what_it_waits_for(
    client: Client, cast: Cast, proposal: Proposal
) -> None:
    remark(proposal=proposal, number=6, text="请补充理论", actor=cast.manager)
    page = page_of(proposal, scope_today(cast.social_worker))
    state = {section.number: section for section in page.sections}
    assert state[2].blanks and not state[2].ready
    assert [one.text for one in state[6].open_remarks] == ["请补充理论"]
    assert not state[6].ready and state[12].ready
    _status, shown = get(client, cast.social_worker, proposal.get_absolute_url())
    assert "意见 1" in shown and "未处理的意见" in shown


def test_the_reason_of_a_return_stands_on_top_until_it_goes_out_again(
    client: Client, cast: Cast, proposal: Proposal
) -> None:
    def said() -> bool:
        return "退回或不通过的理由" in get(client, cast.manager, proposal.get_absolute_url())[1]

    in_state(proposal, ProposalStatus.REVIEW)
    move_proposal(proposal=proposal, verb="return", actor=cast.community_worker, note="写具体")
    assert said()
    in_state(proposal, ProposalStatus.INTERNAL)
    assert not said()


def test_the_approval_itself_makes_nothing_stale(cast: Cast, proposal: Proposal) -> None:
    in_state(proposal, ProposalStatus.REVIEW)
    move_proposal(proposal=proposal, verb="approve", actor=cast.community_worker)
    proposal.refresh_from_db()
    assert page_of(proposal).with_stale == []


def test_blanks_in_tables_count_too(proposal: Proposal) -> None:
    before = page_of(proposal).blanks
    proposal.team.update(worker=None)
    assert page_of(proposal).blanks > before


def test_a_footnote_leads_to_the_words_it_stands_for(
    client: Client, cast: Cast, proposal: Proposal
) -> None:
    _status, page = get(client, cast.social_worker, proposal.get_absolute_url())
    marks = set(re.findall(r'href="#(note-\d+-\d+)"', page))
    assert marks and marks == set(re.findall(r'id="(note-\d+-\d+)"', page))


def test_the_workbook_lists_the_needs_that_are_left(
    client: Client, cast: Cast, study: Study
) -> None:
    make_need(study, "没有选的需求", voices=2)
    proposal = make_proposal(study, cast.social_worker)
    client.force_login(cast.social_worker)
    answer = client.get(reverse("projects:export_xlsx", args=[proposal.pk]))
    words = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/sharedStrings.xml").decode()
    assert "没有选的需求" in words and "留待下期" in words


def test_the_page_shows_sections_footnotes_and_blanks(
    client: Client, cast: Cast, proposal: Proposal
) -> None:
    status, page = get(client, cast.social_worker, proposal.get_absolute_url())
    assert status == 200
    for words in ("需求分析", "待填", "提交机构内审", "修改文字"):
        assert words in page
    assert "<q>" in page


def test_typed_text_is_never_markup(client: Client, cast: Cast, proposal: Proposal) -> None:
    section = proposal.sections.get(number=3)
    client.force_login(cast.social_worker)
    url = reverse("projects:section", args=[proposal.pk, 3])
    client.post(url, {"text": "<script>alert(1)</script>", "seen": section.updated_at.isoformat()})
    _status, page = get(client, cast.social_worker, proposal.get_absolute_url())
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_a_draft_is_unknown_outside_the_agency(
    client: Client, cast: Cast, proposal: Proposal
) -> None:
    urls = [
        proposal.get_absolute_url(),
        reverse("projects:export_docx", args=[proposal.pk]),
        reverse("projects:section", args=[proposal.pk, 3]),
        reverse("projects:diff", args=[proposal.pk]),
    ]
    for person in (cast.community_worker, cast.stranger, cast.town_officer,
                   cast.strange_community_worker):  # fmt: skip
        assert {get(client, person, url)[0] for url in urls} == {404}


def test_the_public_reads_a_summary_without_voices(
    client: Client, cast: Cast, proposal: Proposal
) -> None:
    resident = make_member(Role.RES)
    assert get(client, resident, proposal.get_absolute_url())[0] == 404
    in_state(proposal, ProposalStatus.APPROVED)
    status, page = get(client, resident, proposal.get_absolute_url())
    assert status == 200 and "公开摘要" in page
    assert "第1位" not in page
    for name in ("export_docx", "export_xlsx", "diff"):
        assert get(client, resident, reverse(f"projects:{name}", args=[proposal.pk]))[0] == 403


def test_exports_open_and_are_logged(client: Client, cast: Cast, proposal: Proposal) -> None:
    client.force_login(cast.social_worker)
    for name, part in (("export_docx", "word/document.xml"), ("export_xlsx", "xl/workbook.xml")):
        answer = client.get(reverse(f"projects:{name}", args=[proposal.pk]))
        assert part in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert AccessLine.objects.filter(verb="export", subject="projects.proposal").count() == 2


def test_a_row_is_added_changed_and_deleted_on_its_own_page(
    client: Client, cast: Cast, proposal: Proposal
) -> None:
    client.force_login(cast.social_worker)
    url = reverse("projects:row_create", args=[proposal.pk, "budget"])
    line = {"account": "3", "item": "桌椅", "unit_price": "12.34", "quantity": "3"}
    client.post(url, line)
    row = proposal.budget.get(item="桌椅")
    assert row.amount_fen == 3702
    assert client.post(url, {**line, "quantity": "-1"}).status_code == 422
    change = reverse("projects:row", args=[proposal.pk, "budget", row.pk])
    assert "12.34" in client.get(change).content.decode()
    client.post(reverse("projects:row_delete", args=[proposal.pk, "budget", row.pk]))
    assert not proposal.budget.filter(item="桌椅").exists()


def test_an_unknown_table_is_not_found(client: Client, cast: Cast, proposal: Proposal) -> None:
    url = reverse("projects:row_create", args=[proposal.pk, "secrets"])
    assert get(client, cast.social_worker, url)[0] == 404


def test_moving_by_a_get_is_refused(client: Client, cast: Cast, proposal: Proposal) -> None:
    url = reverse("projects:move", args=[proposal.pk, "check"])
    assert get(client, cast.social_worker, url)[0] == 405


def test_versions_are_shown_and_compared(client: Client, cast: Cast, proposal: Proposal) -> None:
    client.force_login(cast.social_worker)
    client.post(reverse("projects:move", args=[proposal.pk, "check"]))
    client.force_login(cast.manager)
    client.post(reverse("projects:move", args=[proposal.pk, "submit"]))
    kept = proposal.versions.get()
    status, page = get(
        client, cast.community_worker, reverse("projects:version", args=[proposal.pk, kept.pk])
    )
    assert status == 200 and "需求分析" in page
    status, page = get(client, cast.manager, reverse("projects:diff", args=[proposal.pk]))
    assert status == 200 and "内容相同" in page


def test_redrafting_shows_both_texts_first(client: Client, cast: Cast, proposal: Proposal) -> None:
    client.force_login(cast.social_worker)
    section = proposal.sections.get(number=3)
    client.post(
        reverse("projects:section", args=[proposal.pk, 3]),
        {"text": "我们自己写的背景。", "seen": section.updated_at.isoformat()},
    )
    url = reverse("projects:redraft", args=[proposal.pk, 3])
    page = client.get(url).content.decode()
    assert "我们自己写的背景" in page and "<ins>" in page
    client.post(url, {"replace": "1"})
    section.refresh_from_db()
    assert section.text == section.drafted


def test_the_page_costs_the_same_for_few_and_many_rows(
    client: Client, cast: Cast, study: Study, proposal: Proposal, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    in_state(proposal, ProposalStatus.DRAFT)
    client.force_login(cast.social_worker)
    with django_assert_max_num_queries(45) as first:
        client.get(proposal.get_absolute_url())
    for number in range(20):
        proposal.needs.add(make_need(study, f"又一项{number}", voices=1))
        proposal.risks.create(risk=f"风险{number}", response="应对")
    with django_assert_max_num_queries(len(first.captured_queries)):
        client.get(proposal.get_absolute_url())


@pytest.mark.parametrize("count", [2, 12])
def test_the_list_costs_the_same(
    client: Client, cast: Cast, count: int, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    study = make_study(organization=cast.agency, community=cast.community)
    for number in range(count):
        Proposal.objects.create(
            study=study, community=study.community, organization=study.organization,
            title=f"方案{number}",
        )  # fmt: skip
    client.force_login(cast.social_worker)
    with django_assert_max_num_queries(9):
        client.get(reverse("projects:proposals"))


def test_the_review_steps_are_set_by_the_committee_alone(client: Client, cast: Cast) -> None:
    url = reverse("projects:review_rules", args=[cast.community.code])
    assert get(client, cast.manager, url)[0] == 404
    assert get(client, cast.strange_community_worker, url)[0] == 404
    assert get(client, cast.community_worker, url)[0] == 200
    client.post(url, {"publicity": "on", "publicity_days": "7"})
    assert cast.community.reviewrules.publicity_days == 7
