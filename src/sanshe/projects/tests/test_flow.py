"""The flow of a proposal: every verb, every state, every role; steps, versions, races."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from sanshe.accounts.models import User
from sanshe.accounts.tests.factories import make_user
from sanshe.core.errors import BadEntry, DomainError, NotNow, NotPermitted
from sanshe.needs.models import NeedStatus, Study
from sanshe.needs.tests.factories import make_study
from sanshe.organizations.models import Role
from sanshe.organizations.tests.factories import Cast, make_cast, make_member
from sanshe.places.tests.factories import make_town
from sanshe.projects.models import (
    PROPOSAL_FLOW,
    BudgetLine,
    Proposal,
    ProposalMove,
    ProposalStatus,
    ReviewRules,
)
from sanshe.projects.selectors.proposals import moves_for, rules_for, waiting_for
from sanshe.projects.selectors.versions import changes_between
from sanshe.projects.services.editing import edit_section
from sanshe.projects.services.flow import move_proposal
from sanshe.projects.services.review import remark, resolve_remark, set_rules
from sanshe.projects.tests.factories import in_state, make_proposal, needs_of

pytestmark = pytest.mark.django_db
WRITING = {ProposalMove.CHECK, ProposalMove.REVISE}
INSIDE = {ProposalMove.REWORK, ProposalMove.SUBMIT}
ALLOWED = {
    "social_worker": WRITING,
    "manager": WRITING | INSIDE,
    "supervisor": {ProposalMove.REWORK},
    "community_worker": set(ProposalMove) - WRITING - INSIDE,
    "town_officer": set(),
    "stranger": set(),
    "strange_community_worker": set(),
}


@pytest.fixture
def proposal(cast: Cast, study: Study) -> Proposal:
    return make_proposal(study, cast.social_worker)


def test_every_verb_is_for_its_roles_alone(cast: Cast, proposal: Proposal) -> None:
    for verb in ProposalMove:
        source = sorted(PROPOSAL_FLOW.moves[verb].sources)[0]
        for name, allowed in ALLOWED.items():
            in_state(proposal, source)
            person: User = getattr(cast, name)
            try:
                move_proposal(proposal=proposal, verb=verb, actor=person, note="理由")
            except NotPermitted:
                assert verb not in allowed, (verb, name)
            except DomainError:
                assert verb in allowed, (verb, name)
            else:
                assert verb in allowed, (verb, name)


@pytest.mark.parametrize("status", ProposalStatus)
def test_a_move_starts_only_from_its_sources(cast: Cast, proposal: Proposal, status: str) -> None:
    for verb in sorted(set(ProposalMove) - WRITING - INSIDE):
        if status in PROPOSAL_FLOW.moves[verb].sources:
            continue
        in_state(proposal, status)
        with pytest.raises(NotNow):
            move_proposal(proposal=proposal, verb=verb, actor=cast.community_worker, note="理由")


def test_from_draft_to_approval_by_four_people(cast: Cast, proposal: Proposal) -> None:
    move_proposal(proposal=proposal, verb="check", actor=cast.social_worker)
    assert proposal in waiting_for_user(cast.manager)
    move_proposal(proposal=proposal, verb="submit", actor=cast.manager)
    assert proposal in waiting_for_user(cast.community_worker)
    move_proposal(proposal=proposal, verb="accept", actor=cast.community_worker)
    move_proposal(
        proposal=proposal, verb="return", actor=cast.community_worker, note="预算请写明依据"
    )
    move_proposal(proposal=proposal, verb="revise", actor=cast.social_worker)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.number) == (ProposalStatus.DRAFT, 2)
    edit_section(
        proposal=proposal, number=11, text="依据：社区活动经费标准。", seen="",
        actor=cast.social_worker,
    )  # fmt: skip
    move_proposal(proposal=proposal, verb="check", actor=cast.social_worker)
    move_proposal(proposal=proposal, verb="submit", actor=cast.manager)
    move_proposal(proposal=proposal, verb="accept", actor=cast.community_worker)
    move_proposal(proposal=proposal, verb="approve", actor=cast.community_worker)
    assert [v.verb for v in proposal.versions.order_by("pk")] == [
        "submit", "return", "submit", "approve",
    ]  # fmt: skip
    assert {need.status for need in needs_of(proposal)} == {NeedStatus.PLANNED}
    first, *_rest, last = proposal.versions.order_by("pk")
    changed = changes_between(first.snapshot, last.snapshot)
    assert [change.number for change in changed] == [11]
    assert any(piece.kind == "added" and "经费标准" in piece.text for piece in changed[0].pieces)


def waiting_for_user(person: User) -> list[Proposal]:
    from sanshe.needs.services.actors import scope_today

    return list(waiting_for(scope_today(person)))


@pytest.mark.parametrize("verb", ["return", "reject"])
def test_sending_back_and_rejecting_need_a_reason(
    cast: Cast, proposal: Proposal, verb: str
) -> None:
    in_state(proposal, ProposalStatus.REVIEW)
    with pytest.raises(BadEntry):
        move_proposal(proposal=proposal, verb=verb, actor=cast.community_worker, note="  ")
    move_proposal(proposal=proposal, verb=verb, actor=cast.community_worker, note="不合实际")


def test_a_rejected_proposal_leaves_its_needs_open(cast: Cast, proposal: Proposal) -> None:
    in_state(proposal, ProposalStatus.REVIEW)
    move_proposal(proposal=proposal, verb="reject", actor=cast.community_worker, note="重复")
    assert {need.status for need in needs_of(proposal)} == {NeedStatus.CLASSIFIED}


def test_a_proposal_with_hard_faults_is_not_handed_in(cast: Cast, proposal: Proposal) -> None:
    BudgetLine.objects.filter(proposal=proposal).delete()
    with pytest.raises(BadEntry, match="必须先改"):
        move_proposal(proposal=proposal, verb="check", actor=cast.social_worker)


def test_who_sent_it_to_review_does_not_hand_it_in_where_another_can(
    cast: Cast, proposal: Proposal
) -> None:
    second = make_member(Role.AGENCY, user=make_user("second"), organization=cast.agency)
    move_proposal(proposal=proposal, verb="check", actor=cast.manager)
    with pytest.raises(NotPermitted):
        move_proposal(proposal=proposal, verb="submit", actor=cast.manager)
    move_proposal(proposal=proposal, verb="submit", actor=second)


def test_a_single_manager_may_do_both(cast: Cast, proposal: Proposal) -> None:
    move_proposal(proposal=proposal, verb="check", actor=cast.manager)
    moved = move_proposal(proposal=proposal, verb="submit", actor=cast.manager)
    assert moved.status == ProposalStatus.SUBMITTED


def test_the_steps_a_community_asks_for_are_taken_in_order(cast: Cast, proposal: Proposal) -> None:
    set_rules(
        division=cast.community, party_study=True, residents_vote=True, publicity=True,
        publicity_days=5, actor=cast.community_worker,
    )  # fmt: skip
    in_state(proposal, ProposalStatus.REVIEW)
    actor = cast.community_worker
    for skipped in ("approve", "to_vote", "to_publicity"):
        with pytest.raises(NotNow):
            move_proposal(proposal=proposal, verb=skipped, actor=actor)
    for step in ("to_party", "to_vote", "to_publicity"):
        move_proposal(proposal=proposal, verb=step, actor=actor)
    with pytest.raises(NotNow, match="公示到"):
        move_proposal(proposal=proposal, verb="approve", actor=actor)
    started = timezone.localdate() - timedelta(days=5)
    Proposal.objects.filter(pk=proposal.pk).update(public_from=started)
    move_proposal(proposal=proposal, verb="approve", actor=actor)


def test_the_settings_of_the_nearest_place_count(cast: Cast, proposal: Proposal) -> None:
    assert not rules_for(cast.community.code).publicity
    ReviewRules.objects.create(division=make_town(), publicity=True)
    assert rules_for(cast.community.code).publicity
    ReviewRules.objects.create(division=cast.community, party_study=True)
    assert rules_for(cast.community.code).party_study
    assert not rules_for(cast.community.code).publicity


def test_nobody_sets_the_steps_of_a_foreign_place(cast: Cast) -> None:
    for person in (cast.strange_community_worker, cast.manager, cast.stranger):
        with pytest.raises(NotPermitted):
            set_rules(
                division=cast.community, party_study=True, residents_vote=False,
                publicity=False, publicity_days=5, actor=person,
            )  # fmt: skip


def test_remarks_come_from_reviewers_and_are_settled_by_writers(
    cast: Cast, proposal: Proposal
) -> None:
    in_state(proposal, ProposalStatus.REVIEW)
    said = remark(proposal=proposal, number=11, text="依据？", actor=cast.community_worker)
    for person in (cast.social_worker, cast.stranger, cast.town_officer):
        with pytest.raises(NotPermitted):
            remark(proposal=proposal, number=11, text="我也说", actor=person)
    with pytest.raises(NotPermitted):
        resolve_remark(proposal=proposal, pk=said.pk, actor=cast.stranger)
    settled = resolve_remark(proposal=proposal, pk=said.pk, actor=cast.social_worker)
    assert settled.resolved_by == cast.social_worker


def test_the_buttons_are_those_that_work(cast: Cast, proposal: Proposal) -> None:
    from sanshe.needs.services.actors import scope_today

    assert moves_for(scope_today(cast.social_worker), proposal) == [ProposalMove.CHECK]
    assert moves_for(scope_today(cast.community_worker), proposal) == []
    in_state(proposal, ProposalStatus.REVIEW)
    assert set(moves_for(scope_today(cast.community_worker), proposal)) == {
        ProposalMove.RETURN, ProposalMove.APPROVE, ProposalMove.REJECT,
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_decide_together_make_one_decision() -> None:
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("an in-memory SQLite database cannot be shared between threads")
    cast = make_cast()
    study = make_study(organization=cast.agency, community=cast.community)
    proposal = in_state(make_proposal(study, cast.social_worker), ProposalStatus.REVIEW)
    second = make_member(Role.COMM, user=make_user("second"))
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def decide(person: User, verb: str) -> None:
        try:
            start.wait()
            move_proposal(proposal=proposal, verb=verb, actor=person, note="理由")
            outcomes.append(verb)
        except NotNow:
            outcomes.append("too late")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=decide, args=(cast.community_worker, "approve")),
        threading.Thread(target=decide, args=(second, "reject")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("too late") == 1
    assert proposal.versions.count() == 1
