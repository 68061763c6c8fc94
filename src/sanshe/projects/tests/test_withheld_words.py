"""Words that turn out to concern somebody's safety leave every page, version and file."""

import io
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sanshe.accounts.models import User
from sanshe.core.models import HistoryLine
from sanshe.engine.draft import WITHDRAWN, check
from sanshe.needs.models import Need, NeedStatus, Statement, Study
from sanshe.needs.services.describing import lift_safety
from sanshe.needs.services.labelling import label_statement, raise_safety
from sanshe.needs.services.safety import place_safety
from sanshe.needs.tests.factories import (
    make_interview,
    make_need,
    make_need_type,
    make_statement,
    make_study,
)
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import Cast, make_member
from sanshe.projects.models import Proposal, ProposalStatus
from sanshe.projects.selectors.document import document_of
from sanshe.projects.selectors.pages import page_of
from sanshe.projects.services.editing import edit_section
from sanshe.projects.services.flow import move_proposal
from sanshe.projects.services.review import remark
from sanshe.projects.tests.factories import in_state, make_proposal
from sanshe.projects.urls import urlpatterns

pytestmark = pytest.mark.django_db
SAID = "隔壁那户半夜总有女人哭喊救命，第二天她脸上都是青的"
#: What must not be read once the flag is up: the words, cut or copied, and the title made of them.
TRACES = ("女人哭喊", "脸上都是青的", "半夜总有女人")


@pytest.fixture
def voice(study: Study) -> Statement:
    return make_statement(make_interview(study), SAID, label=make_need_type())


@pytest.fixture
def proposal(cast: Cast, study: Study, voice: Statement) -> Proposal:
    """Handed in with the words in everything that can hold words, and sent back."""
    loud = make_need(
        study, "半夜总有女人哭喊", status=NeedStatus.CLASSIFIED, band="A", priority=90.0,
        statements=[voice],
    )  # fmt: skip
    made = make_proposal(study, cast.social_worker, needs=[loud])
    seen = made.sections.get(number=12).updated_at.isoformat()
    edit_section(
        proposal=made, number=12, text=f"有人提到{SAID[2:14]}，要注意。", seen=seen,
        actor=cast.social_worker,
    )  # fmt: skip
    analysis = made.sections.get(number=4)
    made.sections.filter(number=4).update(text=f"{analysis.text}\n\n数字已经核对。")
    objective = made.objectives.first()
    assert objective is not None
    made.objectives.filter(pk=objective.pk).update(statement=f"回应“{SAID[:16]}”")
    made.risks.update(risk=f"“{SAID}”")
    move_proposal(proposal=made, verb="check", actor=cast.social_worker)
    move_proposal(proposal=made, verb="submit", actor=cast.manager)
    move_proposal(proposal=made, verb="accept", actor=cast.community_worker)
    remark(proposal=made, number=4, text=f"这句要核实：{SAID}", actor=cast.community_worker)
    move_proposal(proposal=made, verb="return", actor=cast.community_worker, note=f"“{SAID}”？")
    make_version_of_then(made)
    made.refresh_from_db()
    return made


def make_version_of_then(proposal: Proposal) -> None:
    """So that there is something to compare: another version with other words around the same."""
    first = proposal.versions.order_by("pk").first()
    assert first is not None
    words = first.snapshot["sections"]["4"].replace("原话", "原来的话")
    first.snapshot["sections"]["4"] = words
    first.save()


def addresses(proposal: Proposal) -> dict[str, list[str]]:
    """Every address of the app that shows or hands out something, by name."""
    pk = proposal.pk
    rows = {"objectives": proposal.objectives, "risks": proposal.risks}
    versions = list(proposal.versions.order_by("pk"))
    compare = reverse("projects:diff", args=[pk])
    return {
        "proposals": [reverse("projects:proposals")],
        "create": [reverse("projects:create", args=[proposal.study_id]) + "?choose=all"],
        "detail": [f"{proposal.get_absolute_url()}?open=all"],
        "edit": [reverse("projects:edit", args=[pk])],
        "choose": [reverse("projects:choose", args=[pk]) + "?choose=all"],
        "section": [reverse("projects:section", args=[pk, n]) for n in range(1, 17)],
        "section_read": [reverse("projects:section_read", args=[pk, n]) for n in range(1, 17)],
        "redraft": [reverse("projects:redraft", args=[pk, n]) for n in range(1, 17)],
        "row_create": [reverse("projects:row_create", args=[pk, "objectives"])],
        "row": [
            reverse("projects:row", args=[pk, table, row.pk])
            for table, found in rows.items()
            for row in found.all()
        ],
        "version": [reverse("projects:version", args=[pk, version.pk]) for version in versions],
        "diff": [compare, f"{compare}?from={versions[0].pk}&to={versions[-1].pk}"],
        "export_docx": [reverse("projects:export_docx", args=[pk])],
        "export_xlsx": [reverse("projects:export_xlsx", args=[pk])],
        "review_rules": [reverse("projects:review_rules", args=[proposal.community_id])],
        "thread": [need.get_absolute_url() for need in proposal.needs.filter(safety=False)],
        # Changes only; they answer with a way back.
        **{name: [] for name in ("move", "remark", "resolve", "row_delete")},
    }


def words_at(client: Client, url: str) -> str:
    """What a page or a file says; nothing where the person may not go."""
    answer = client.get(url)
    if answer.status_code in (302, 403, 404):
        return ""
    assert answer.status_code == 200, url
    if "openxmlformats" not in answer["Content-Type"]:
        return answer.content.decode()
    package = zipfile.ZipFile(io.BytesIO(answer.content))
    return "".join(package.read(part).decode("utf-8", "ignore") for part in package.namelist())


def places_with_traces(client: Client, proposal: Proposal, person: User, *names: str) -> list[str]:
    """Where the person still reads the words; only under these names, where some are given."""
    client.force_login(person)
    return [
        url
        for name, urls in addresses(proposal).items()
        for url in urls
        if not names or name in names
        # The thread of a need is the agency's and the committee's own page, not the proposal's.
        if any(trace in own_part(name, words_at(client, url)) for trace in TRACES)
    ]


def own_part(name: str, page: str) -> str:
    """Of a thread only what it tells of proposals."""
    return page[page.find('id="proposal"') :] if name == "thread" else page


def people(cast: Cast) -> list[User]:
    return [cast.social_worker, cast.manager, cast.supervisor, cast.community_worker,
            cast.town_officer, make_member(Role.CITY), make_member(Role.RES)]  # fmt: skip


def test_every_address_of_the_app_is_looked_at(proposal: Proposal) -> None:
    assert {pattern.name for pattern in urlpatterns} == set(addresses(proposal)) - {"thread"}


def test_until_then_the_words_stand_in_all_of_them(
    client: Client, cast: Cast, proposal: Proposal
) -> None:
    """Without this the test below could look where nothing ever was."""
    assert len(places_with_traces(client, proposal, cast.community_worker)) >= 8
    in_state(proposal, ProposalStatus.DRAFT)
    found = places_with_traces(client, proposal, cast.social_worker)
    for name in ("detail", "version", "diff", "export_docx", "export_xlsx", "row", "choose"):
        assert set(addresses(proposal)[name]) & set(found), name
    assert reverse("projects:section", args=[proposal.pk, 12]) in found
    assert reverse("projects:redraft", args=[proposal.pk, 4]) in found


Flag = Callable[[Statement, Cast], None]


def by_a_person(voice: Statement, cast: Cast) -> None:
    label_statement(statement=voice, label=voice.label, safety=True, actor=cast.social_worker)


def by_a_machine(voice: Statement, _cast: Cast) -> None:
    Statement.objects.filter(pk=voice.pk).update(safety=True, need=None)
    place_safety(voice.interview.study)


def by_its_need(voice: Statement, _cast: Cast) -> None:
    Need.objects.filter(statements=voice).update(safety=True)


@pytest.mark.parametrize("status", [ProposalStatus.DRAFT, ProposalStatus.APPROVED])
def test_the_words_are_gone_for_everybody_at_once(
    client: Client, cast: Cast, proposal: Proposal, voice: Statement, status: str
) -> None:
    raise_safety(statement=voice, actor=cast.social_worker)
    in_state(proposal, status)
    for person in people(cast):
        assert places_with_traces(client, proposal, person) == [], person
    client.force_login(cast.manager)
    assert WITHDRAWN in words_at(client, addresses(proposal)["detail"][0])
    assert WITHDRAWN in words_at(client, addresses(proposal)["version"][0])


@pytest.mark.parametrize("flag", [by_a_person, by_a_machine, by_its_need])
def test_however_they_became_a_matter_of_safety(
    client: Client, cast: Cast, proposal: Proposal, voice: Statement, flag: Flag
) -> None:
    flag(voice, cast)
    in_state(proposal, ProposalStatus.DRAFT)
    names = ("detail", "version", "diff", "row", "export_docx")
    assert places_with_traces(client, proposal, cast.social_worker, *names) == []


def test_the_drafter_is_told_what_to_rewrite_and_may_hand_it_in(
    cast: Cast, proposal: Proposal, voice: Statement
) -> None:
    raise_safety(statement=voice, actor=cast.social_worker)
    found = check(document_of(proposal, timezone.localdate()))
    assert {p.section for p in found if p.code == "withdrawn"} >= {4, 12}
    assert not [p.code for p in found if p.hard and p.code == "note_unknown"]
    assert str(voice.pk) not in document_of(proposal, timezone.localdate()).notes


def test_what_is_kept_from_now_on_never_had_the_words(
    cast: Cast, proposal: Proposal, voice: Statement
) -> None:
    raise_safety(statement=voice, actor=cast.social_worker)
    in_state(proposal, ProposalStatus.REVIEW)
    move_proposal(proposal=proposal, verb="return", actor=cast.community_worker, note="改")
    newest = proposal.versions.first()
    assert newest is not None
    assert not any(trace in str(newest.snapshot) for trace in TRACES)


def test_a_false_alarm_gives_the_words_back(
    client: Client, cast: Cast, proposal: Proposal, voice: Statement
) -> None:
    raise_safety(statement=voice, actor=cast.social_worker)
    voice.refresh_from_db()
    assert voice.need is not None
    lift_safety(need=voice.need, actor=cast.social_worker, note="是电视的声音")
    client.force_login(cast.community_worker)
    assert TRACES[0] in words_at(client, addresses(proposal)["version"][0])


def test_what_others_said_stays(
    cast: Cast, study: Study, proposal: Proposal, voice: Statement
) -> None:
    raise_safety(statement=voice, actor=cast.social_worker)
    document = document_of(proposal, timezone.localdate())
    assert "晚上路灯不亮" in [need.title for need in document.needs]
    assert any("晚上路灯不亮" in note.words for note in document.notes.values())
    other = make_study("别的调研", organization=cast.agency)
    assert page_of(make_proposal(other, cast.social_worker)).document.sections


def test_the_history_of_a_proposal_names_needs_by_number(proposal: Proposal) -> None:
    lines = HistoryLine.objects.filter(subject="projects.proposal", subject_pk=str(proposal.pk))
    assert lines.filter(verb="create").count() == 1
    assert not any(trace in str(line.changes) for line in lines for trace in TRACES)
