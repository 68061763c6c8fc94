"""The pages of proposals: who reaches them, what they show, what they cost."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from sanshe.accounts.models import User
from sanshe.core.models import AccessLine
from sanshe.needs.models import NeedStatus, Study
from sanshe.needs.tests.factories import make_need, make_study
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import Cast, make_cast, make_member
from sanshe.projects.models import Proposal, ProposalStatus
from sanshe.projects.tests.factories import in_state, make_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def study(cast: Cast) -> Study:
    return make_study(organization=cast.agency, community=cast.community)


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
