"""What a proposal is drafted from, gathered for `engine.draft` in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import override

from sanshe.engine.draft import (
    Colleague,
    Draft,
    DraftGap,
    DraftMatch,
    DraftNeed,
    DraftOffer,
    DraftStatement,
    InformantCount,
    MethodCount,
    ProjectFacts,
    StudyFacts,
    TreeNames,
    draft,
)
from sanshe.matching.models import Gap, Match, MatchRun, MatchStatus, Offer, OfferKind
from sanshe.matching.selectors import with_taken
from sanshe.needs.models import (
    Informant,
    Interview,
    Method,
    Need,
    NeedStatus,
    Quota,
    Statement,
    Study,
)
from sanshe.organizations.models import Kind, Organization
from sanshe.projects.models import Proposal
from sanshe.talent.models import Worker
from sanshe.talent.selectors import certified_count, employed_on
from sanshe.taxonomy.models import Field, NeedType

#: Needs in these states have been taken care of otherwise; a new proposal leaves them.
SETTLED = frozenset({
    NeedStatus.PLANNED, NeedStatus.REFERRED, NeedStatus.ANSWERED, NeedStatus.DEFERRED,
    NeedStatus.TOLD, NeedStatus.CLOSED,
})  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """The arguments of `engine.draft.draft`, by name."""

    study: StudyFacts
    needs: tuple[DraftNeed, ...]
    matches: tuple[DraftMatch, ...]
    gaps: tuple[DraftGap, ...]
    offers: tuple[DraftOffer, ...]
    statements: tuple[DraftStatement, ...]
    tree: TreeNames
    project: ProjectFacts
    focus: tuple[str, ...]


def fresh_draft(
    proposal: Proposal,
    on: date,
    chosen: Iterable[int] | None = None,
    run: MatchRun | None = None,
) -> Draft:
    """What the machine would write on a day; the other arguments are those of `facts_of`."""
    return draft(**vars(facts_of(proposal, on, chosen, run)))


@override("zh-hans")  # A proposal is a Chinese paper, whatever language its writer's screen has.
def facts_of(
    proposal: Proposal,
    on: date,
    chosen: Iterable[int] | None = None,
    run: MatchRun | None = None,
) -> Facts:
    """Everything the draft of this proposal may say. Safety needs and statements stay out.

    All needs of the study are counted; those of the proposal, or the `chosen` ones, are answered
    with the offers of its match run, or of another `run`.
    """
    if chosen is None:
        chosen = proposal.needs.filter(safety=False).values_list("pk", flat=True)
    chosen = set(chosen)
    heard = Q(study=proposal.study) & ~Q(status=NeedStatus.MERGED)
    needs = list(
        Need.objects.filter(heard | Q(pk__in=chosen), safety=False).order_by("-priority", "pk")
    )
    statements, voices = _voices(proposal.study)
    run = run or proposal.match_run
    return Facts(
        study=study_facts(proposal.study),
        needs=tuple(draft_need(need, voices[need.pk]) for need in needs),
        matches=_matches(run, needs),
        gaps=_gaps(run, needs),
        offers=_offers(run),
        statements=statements,
        tree=tree_names(),
        project=project_facts(proposal, on),
        focus=tuple(str(pk) for pk in sorted(chosen)),
    )


def study_facts(study: Study) -> StudyFacts:
    """Methods, informants and quotas of a study. Three queries."""
    methods: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    people: dict[str, int] = defaultdict(int)
    rows = Interview.objects.filter(study=study).order_by().values("informant", "method")
    for row in rows.annotate(held=Count("pk"), met=Sum("people")):
        methods[row["method"]][0] += row["held"]
        methods[row["method"]][1] += row["met"]
        people[row["informant"]] += row["met"]
    quotas = dict(Quota.objects.filter(study=study).values_list("informant", "target"))
    place = study.community
    return StudyFacts(
        title=study.title,
        community=place.short_name,
        community_code=place.code,
        town=place.parent.name if place.parent else "",
        starts_on=study.starts_on,
        ends_on=study.ends_on,
        purpose=study.purpose,
        residents=place.residents,
        residents_source=place.residents_source,
        methods=tuple(
            MethodCount(m.value, str(m.label), *methods[m.value])
            for m in Method
            if m.value in methods
        ),
        informants=tuple(
            InformantCount(i.value, str(i.label), people[i.value], quotas.get(i.value))
            for i in Informant
        ),
    )


def _voices(study: Study) -> tuple[tuple[DraftStatement, ...], dict[int, list[str]]]:
    """All that was said without danger, and the statements behind each need.

    Those of needs merged into a need count for it; those of safety needs are left out.
    """
    voices: dict[int, list[str]] = defaultdict(list)
    found = (
        Statement.objects.filter(interview__study=study, safety=False)
        .exclude(need__safety=True)
        .exclude(need__merged_into__safety=True)
        .annotate(behind=Coalesce("need__merged_into", "need"))
        .select_related("interview")
        .order_by("pk")
    )
    statements = []
    for statement in found:
        if statement.behind is not None:
            voices[statement.behind].append(str(statement.pk))
        interview = statement.interview
        statements.append(
            DraftStatement(
                str(statement.pk),
                statement.text,
                str(Informant(interview.informant).label),
                str(Method(interview.method).label),
                interview.held_on,
            )
        )
    return tuple(statements), voices


def draft_need(need: Need, voices: Sequence[str] = ()) -> DraftNeed:
    """A need in the engine's terms."""
    return DraftNeed(
        id=str(need.pk),
        title=need.title,
        leaf=need.need_type_id,
        band=need.band,
        priority=need.priority,
        statements=tuple(voices),
        components=need.components,
        defaults=frozenset(need.defaults),
        people=need.people_affected,
        bradshaw=tuple(need.bradshaw),
        target_group=need.target_group,
        settled=str(NeedStatus(need.status).label) if need.status in SETTLED else "",
    )


def _matches(run: MatchRun | None, needs: list[Need]) -> tuple[DraftMatch, ...]:
    found = Match.objects.filter(run=run, need__in=needs).exclude(status=MatchStatus.REFUSED)
    return tuple(DraftMatch(str(m.need_id), str(m.offer_id), m.fit, m.reason) for m in found)


def _gaps(run: MatchRun | None, needs: list[Need]) -> tuple[DraftGap, ...]:
    found = Gap.objects.filter(run=run, need__in=needs).select_related("nearest_offer")
    return tuple(
        DraftGap(str(g.need_id), g.reason, g.nearest_offer.title if g.nearest_offer else "")
        for g in found
    )


def _offers(run: MatchRun | None) -> tuple[DraftOffer, ...]:
    if run is None:
        return ()
    matched = Match.objects.filter(run=run).exclude(status=MatchStatus.REFUSED)
    offers = with_taken(Offer.objects.filter(pk__in=matched.values("offer")))
    giving = {Kind.ENTERPRISE, Kind.FOUNDATION, Kind.COMMUNITY_ORG}
    return tuple(
        DraftOffer(
            id=str(offer.pk),
            title=offer.title,
            kind=offer.kind,
            provider=offer.organization.name,
            capacity=max(0, offer.free),  # type: ignore[attr-defined]
            unit_cost_fen=offer.unit_cost_fen or None,
            target_groups=tuple(offer.target_groups),
            valid_from=offer.valid_from,
            valid_to=offer.valid_to,
            charitable=offer.organization.kind in giving or offer.kind == OfferKind.VOLUNTEER,
        )
        for offer in offers.select_related("organization").order_by("pk")
    )


def tree_names() -> TreeNames:
    """The Chinese names of fields and leaves: a proposal is a Chinese paper. Two queries."""
    return TreeNames(
        dict(Field.objects.values_list("code", "name_zh")),
        dict(NeedType.objects.values_list("code", "name_zh")),
    )


def project_facts(proposal: Proposal, on: date) -> ProjectFacts:
    """What is settled about the project, its agency and its team."""
    agency = proposal.organization
    staff = (
        Worker.objects.filter(employed_on(on), organization=agency)
        .prefetch_related("certificates")
        .order_by("pk")
    )
    return ProjectFacts(
        title=proposal.title,
        organization=agency.name,
        lead=proposal.lead.name if proposal.lead else "",
        starts_on=proposal.starts_on,
        ends_on=proposal.ends_on,
        version=proposal.number,
        drafted_on=on,
        credit_code=agency.credit_code,
        grade=_grade(agency, on),
        certified_workers=certified_count(agency.pk, on),
        team=tuple(
            Colleague(worker.name, worker.post, certificate_of(worker, on))
            for worker in staff
            if certificate_of(worker, on) or worker.pk == proposal.lead_id
        )[:6],
    )


def certificate_of(worker: Worker, on: date) -> str:
    """The level of the certificate that counts on a day, in Chinese; "" without one."""
    for certificate in worker.certificates.all():
        if certificate.valid_from <= on <= certificate.valid_to:
            return str(certificate.get_level_display())
    return ""


def _grade(agency: Organization, on: date) -> str:
    if not agency.grade or (agency.grade_until and agency.grade_until < on):
        return ""
    return f"{agency.grade}A"
