"""What an agency says among its own stays there; what the review says is for both sides."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from sanshe.accounts.models import User
from sanshe.core.errors import BadEntry
from sanshe.needs.services.actors import scope_today
from sanshe.needs.tests.factories import make_study
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import Cast, make_member
from sanshe.projects.models import Proposal, ProposalStatus
from sanshe.projects.selectors.remarks import remarks_visible_to
from sanshe.projects.services.flow import move_proposal
from sanshe.projects.services.review import remark, resolve_remark
from sanshe.projects.tests.factories import in_state, make_proposal, needs_of

pytestmark = pytest.mark.django_db
AMONG_US, WHY_BACK = "预算虚高，先别让社区看到", "理论部分太弱，重写"
IN_REVIEW = "请写明依据"


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    """Handed in after a remark and a return inside the agency; the community has asked back."""
    made = make_proposal(
        make_study(organization=cast.agency, community=cast.community), cast.social_worker
    )
    remark(proposal=made, number=11, text=AMONG_US, actor=cast.supervisor)
    move_proposal(proposal=made, verb="check", actor=cast.social_worker)
    move_proposal(proposal=made, verb="rework", actor=cast.supervisor, note=WHY_BACK)
    move_proposal(proposal=made, verb="check", actor=cast.social_worker)
    move_proposal(proposal=made, verb="submit", actor=cast.manager)
    move_proposal(proposal=made, verb="accept", actor=cast.community_worker)
    remark(proposal=made, number=11, text=IN_REVIEW, actor=cast.community_worker)
    made.refresh_from_db()
    return made


def read(client: Client, person: User, url: str) -> str:
    client.force_login(person)
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def pages(proposal: Proposal) -> list[str]:
    need = needs_of(proposal)[0]
    return [
        proposal.get_absolute_url(),
        reverse("projects:section_read", args=[proposal.pk, 11]),
        reverse("projects:diff", args=[proposal.pk]),
        reverse("projects:version", args=[proposal.pk, proposal.versions.first().pk]),  # type: ignore[union-attr]
        need.get_absolute_url(),
    ]


def test_the_community_and_the_offices_never_read_what_was_said_inside(
    client: Client, cast: Cast, proposal: Proposal
) -> None:
    station = make_member(Role.STATION)
    for person in (cast.community_worker, cast.town_officer, station, make_member(Role.CITY)):
        for url in pages(proposal):
            shown = read(client, person, url)
            assert AMONG_US not in shown and WHY_BACK not in shown, (person, url)
            assert "内审退回" not in shown, (person, url)
        assert IN_REVIEW in read(client, person, pages(proposal)[1])


def test_the_agency_reads_both_and_sees_which_is_its_own(
    client: Client, cast: Cast, proposal: Proposal
) -> None:
    section = read(client, cast.social_worker, pages(proposal)[1])
    assert AMONG_US in section and IN_REVIEW in section
    assert section.count("内部</span>") == 1
    assert WHY_BACK in read(client, cast.manager, proposal.get_absolute_url())


def test_the_side_of_a_remark_is_settled_when_it_is_written(cast: Cast, proposal: Proposal) -> None:
    in_state(proposal, ProposalStatus.DRAFT)
    remark(proposal=proposal, number=3, text="第二轮内审", actor=cast.manager)
    in_state(proposal, ProposalStatus.APPROVED)
    seen = remarks_visible_to(scope_today(cast.community_worker), proposal)
    assert [one.text for one in seen] == [IN_REVIEW]
    assert remarks_visible_to(scope_today(cast.social_worker), proposal).count() == 3


def test_a_remark_of_the_house_does_not_exist_for_others(cast: Cast, proposal: Proposal) -> None:
    inside = remarks_visible_to(scope_today(cast.manager), proposal).get(inhouse=True)
    with pytest.raises(BadEntry, match="没有这条意见"):
        resolve_remark(proposal=proposal, pk=inside.pk, actor=cast.community_worker)


def test_exports_hold_no_remark_of_the_house(
    client: Client, cast: Cast, proposal: Proposal
) -> None:
    for person in (cast.manager, cast.community_worker):
        client.force_login(person)
        for name in ("export_docx", "export_xlsx"):
            answer = client.get(reverse(f"projects:{name}", args=[proposal.pk]))
            package = zipfile.ZipFile(io.BytesIO(answer.content))
            words = "".join(
                package.read(part).decode("utf-8", "ignore") for part in package.namelist()
            )
            assert AMONG_US not in words and WHY_BACK not in words
