"""Proposals for tests."""

from collections.abc import Iterable
from datetime import date

from sanshe.accounts.models import User
from sanshe.matching.tests.factories import make_match, make_offer, make_run
from sanshe.needs.models import Need, NeedStatus, Study
from sanshe.needs.tests.factories import make_need
from sanshe.organizations.models import Organization
from sanshe.projects.models import BudgetLine, Proposal, ProposalStatus
from sanshe.projects.services.drafting import Plan, create_proposal
from sanshe.talent.models import Certificate, CertificateLevel, Worker


def make_worker(organization: Organization, name: str = "林晓岚") -> Worker:
    """A certified social worker."""
    worker = Worker.objects.create(name=name, organization=organization, post="项目社工")
    Certificate.objects.create(
        worker=worker,
        level=CertificateLevel.SOCIAL_WORKER,
        number="M2024001",
        valid_from=date(2024, 1, 1),
        valid_to=date(2099, 1, 1),
    )
    return worker


def make_proposal(
    study: Study, actor: User, *, ready: bool = True, needs: Iterable[Need] = ()
) -> Proposal:
    """A drafted proposal for two needs, one of them matched, and more; ready to be handed in."""
    lead = make_worker(study.organization)
    two = [
        make_need(study, title, status=NeedStatus.CLASSIFIED, voices=3)
        for title in ("晚上路灯不亮", "电动车没处充电")
    ]
    run = make_run(study)
    make_match(run, two[0], make_offer("路灯巡修", capacity=5))
    proposal = create_proposal(
        study=study,
        needs=[*two, *needs],
        plan=Plan("花园城同心项目", lead, date(2026, 7, 1), date(2027, 6, 30)),
        actor=actor,
    )
    if ready:
        BudgetLine.objects.filter(proposal=proposal).update(
            unit_price_fen=10000, quantity=2, amount_fen=20000
        )
    return proposal


def in_state(proposal: Proposal, status: str) -> Proposal:
    """The proposal moved to a state without walking there."""
    Proposal.objects.filter(pk=proposal.pk).update(status=status)
    proposal.refresh_from_db()
    assert status in ProposalStatus.values
    return proposal


def needs_of(proposal: Proposal) -> list[Need]:
    return list(proposal.needs.order_by("pk"))
