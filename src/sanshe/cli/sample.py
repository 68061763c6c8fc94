"""The sample study of 花园城社区, carried through the same services as the web. After `open_site`.

What is there already stays as people left it: each step only does what has not been done.
"""

from dataclasses import asdict, dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone, translation

from sanshe.accounts.models import User
from sanshe.cli.console import Problem, Step
from sanshe.cli.words import t
from sanshe.core.errors import DomainError
from sanshe.core.history import record
from sanshe.desk.sample.accounts import PASSWORD
from sanshe.desk.sample.seeding import rows as sample_rows
from sanshe.matching.models import MatchRun, Offer
from sanshe.matching.services.offers import read_offer_workbook
from sanshe.matching.services.runs import run_match
from sanshe.needs.models import Import, ImportStatus, Need, NeedStatus, Statement, Study
from sanshe.needs.services.classification import classify_study
from sanshe.needs.services.imports import import_workbook
from sanshe.needs.services.needs import propose_needs
from sanshe.needs.services.studies import StudyFacts, create_study
from sanshe.office.word import render_proposal
from sanshe.organizations.models import Kind, Organization, Role
from sanshe.organizations.selectors import REGISTER_DIGITS
from sanshe.places.models import Division
from sanshe.projects.models import Proposal
from sanshe.projects.selectors.choice import suggested_needs
from sanshe.projects.selectors.document import document_of
from sanshe.projects.services.drafting import Plan, create_proposal
from sanshe.taxonomy.models import NeedType

COMMUNITY, COUNTY = "350581001006", "350581000000"
TITLE = "花园城社区2026年春季居民需求调研"
PROJECT = "花园城社区三社联动服务项目"
STARTS, ENDS = date(2026, 3, 1), date(2026, 4, 30)


@dataclass(frozen=True)
class Figures:
    """One screen of results."""

    statements: int
    rejected: int
    needs: int
    safety: int
    matched: int
    gaps: int
    objective: float
    gap: float
    proposal: str
    study: str
    accounts: list[str]
    password: str


def build(folder: Path, word: Path, step: Step) -> dict[str, object]:
    """Carry the sample study from its two workbooks to a drafted proposal.

    Raises:
        Problem: a rule of the field says no; the message says which.
    """
    try:
        with translation.override("zh-hans"):
            return asdict(_build(folder, word, step))
    except DomainError as error:
        raise Problem("rule", str(error.message), str(error.message)) from error


def _build(folder: Path, word: Path, step: Step) -> Figures:
    step(t("示例城市", "Sample city"), 0.1)
    call_command("seed_demo", stdout=StringIO())
    agency, worker = _user("agency"), _user("sw")
    study = _study(agency)
    step(t("导入走访记录", "Importing the field notes"), 0.25)
    import_ = _import(study, folder / "statements.xlsx", worker)
    _offers(folder / "offers.xlsx", agency)
    step(t("分类（首次运行会先训练模型）", "Classifying (trains at the first run)"), 0.4)
    classify_study(study)
    step(t("归并与排序", "Merging and ranking"), 0.6)
    propose_needs(study=study, actor=worker)
    step(t("匹配", "Matching"), 0.75)
    run = MatchRun.objects.filter(study=study, current=True).first()
    if run is None:
        run = run_match(study=study, actor=worker)
    step(t("起草方案", "Drafting"), 0.85)
    proposal = Proposal.objects.filter(study=study).first() or _proposal(study, worker)
    word.parent.mkdir(parents=True, exist_ok=True)
    render_proposal(document_of(proposal, timezone.localdate()), word)
    needs = Need.objects.filter(study=study).exclude(status=NeedStatus.MERGED)
    return Figures(
        statements=Statement.objects.filter(interview__study=study).count(),
        rejected=import_.rejected,
        needs=needs.count(),
        safety=needs.filter(safety=True).count(),
        matched=run.matches.count(),
        gaps=run.gaps.count(),
        objective=run.objective,
        gap=run.gap,
        proposal=str(word),
        study=study.get_absolute_url(),
        accounts=[f"{r['username']:<9}{Role(r['role']).label}" for r in sample_rows("accounts")],
        password=PASSWORD,
    )


def _user(username: str) -> User:
    user = get_user_model().objects.get(username=username)
    assert isinstance(user, User)
    return user


def _study(agency: User) -> Study:
    there = Study.objects.filter(title=TITLE).first()
    if there is not None:
        return there
    membership = agency.memberships.get(role=Role.AGENCY)
    assert membership.organization is not None
    facts = StudyFacts(
        title=TITLE,
        community=Division.objects.get(code=COMMUNITY),
        organization=membership.organization,
        starts_on=STARTS,
        ends_on=ENDS,
        purpose="了解花园城社区居民最迫切的需求，为下一年度的服务项目提供依据（示例数据）。",
    )
    return create_study(facts=facts, actor=agency)


def _import(study: Study, path: Path, worker: User) -> Import:
    done = Import.objects.filter(study=study, status=ImportStatus.DONE).order_by("pk").first()
    return done or import_workbook(study=study, path=path, actor=worker)


@transaction.atomic
def _offers(path: Path, actor: User) -> None:
    """The workbook's offers under providers of their own, marked as sample data."""
    county = Division.objects.get(code=COUNTY)
    for row in read_offer_workbook(path, COUNTY[:REGISTER_DIGITS]).rows:
        provider, _ = Organization.objects.get_or_create(
            name=row.provider or "示例服务机构（示例）",
            defaults={"kind": Kind.ASSOCIATION, "division": county, "is_sample": True},
        )
        title = (row.title or row.id)[:80]
        if Offer.objects.filter(organization=provider, title=title).exists():
            continue
        offer = Offer.objects.create(
            organization=provider,
            kind=row.kind or "other",
            title=title,
            capacity=row.capacity,
            catchment=list(row.catchment),
            target_groups=list(row.target_groups),
            languages=list(row.languages),
            unit_cost_fen=row.unit_cost_fen or 0,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            minors_cleared=row.minors_cleared,
            is_sample=True,
        )
        offer.need_types.set(NeedType.objects.filter(pk__in=row.leaf_codes))
        record(offer, "create", actor=actor, note=path.name)


def _proposal(study: Study, worker: User) -> Proposal:
    plan = Plan(title=PROJECT, starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30))
    return create_proposal(study=study, needs=suggested_needs(study), plan=plan, actor=worker)
