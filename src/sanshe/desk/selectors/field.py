"""What waits for those who listen, arrange and decide: agency staff, stations, communities."""

from datetime import datetime

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.desk.selectors.parts import Group, Task
from sanshe.needs.models import Need, NeedStatus, Statement, Study, StudyStatus
from sanshe.needs.rules import RUNNERS
from sanshe.needs.selectors import needs_visible_to, studies_visible_to
from sanshe.needs.selectors.needs import SAFETY_WITHIN
from sanshe.organizations.models import Role
from sanshe.organizations.scope import Scope
from sanshe.projects.models import Proposal, ProposalStatus
from sanshe.projects.selectors import proposals_visible_to

#: A home page lists no more of a kind; the rest is a link away.
LISTED = 8

_AT_WORK = (
    StudyStatus.PLANNED,
    StudyStatus.COLLECTING,
    StudyStatus.SORTING,
    StudyStatus.RANKING,
    StudyStatus.FINAL,
)
_IN_COMMUNITY = (
    ProposalStatus.SUBMITTED,
    ProposalStatus.REVIEW,
    ProposalStatus.PARTY,
    ProposalStatus.VOTE,
    ProposalStatus.PUBLICITY,
)
_TO_TELL = (
    NeedStatus.PLANNED,
    NeedStatus.REFERRED,
    NeedStatus.ANSWERED,
    NeedStatus.DEFERRED,
)


def safety_group(scope: Scope) -> Group:
    """Safety needs nobody has taken on yet, the oldest first; only for people close to them."""
    needs = (
        needs_visible_to(scope)
        .filter(
            safety=True,
            status__in=(NeedStatus.NEW, NeedStatus.CLASSIFIED, NeedStatus.VERIFIED),
        )
        .annotate(since=Coalesce("safety_since", "created_at"))
        .order_by("since", "pk")
    )
    listed = list(needs[:LISTED])
    studies = list(needs.order_by().values_list("study", flat=True).distinct()[:2])
    # All of them stand on top of the board of their study.
    board = reverse("needs:board", args=studies) if len(studies) == 1 else reverse("needs:studies")
    return Group(
        _("人身安全：24 小时内处理"),
        "alert-triangle",
        tuple(map(_safety_task, listed)),
        total=needs.count(),
        url=board,
        urgent=True,
    )


def _safety_task(need: Need) -> Task:
    due: datetime = (need.safety_since or need.created_at) + SAFETY_WITHIN
    hours = round((due - timezone.now()).total_seconds() / 3600)
    late = hours < 0
    return Task(
        title=need.title,
        note=f"{need.community} · {need.study}",
        url=need.get_absolute_url(),
        icon="alert-triangle",
        label=_("已超过 %(hours)s 小时") % {"hours": -hours}
        if late
        else _("还剩 %(hours)s 小时") % {"hours": hours},
        tone="danger" if late else "warning",
    )


def study_group(scope: Scope) -> Group:
    """The studies of one's own organisation, each with its next step."""
    own = scope.organization_pks(*RUNNERS)
    studies = _with_unchecked(
        studies_visible_to(scope)
        .filter(organization__in=own)
        .filter(Q(status__in=_AT_WORK) | Q(status=StudyStatus.CONFIRMED, proposals__isnull=True))
        .distinct()
    )
    return Group(
        _("需求调研"),
        "ear",
        tuple(_study_task(study) for study in studies[:LISTED]),
        total=studies.count(),
        url=reverse("needs:studies"),
    )


def _with_unchecked(studies: QuerySet[Study]) -> QuerySet[Study]:
    waiting = (
        Statement.objects.filter(interview__study=OuterRef("pk"), checked=False, dismissed=False)
        .order_by()
        .annotate(n=Func(F("pk"), function="COUNT"))
        .values("n")
    )
    return studies.annotate(unchecked=Coalesce(Subquery(waiting), 0))


def _study_task(study: Study) -> Task:
    unchecked: int = getattr(study, "unchecked", 0)
    sorting = study.status in (StudyStatus.COLLECTING, StudyStatus.SORTING)
    if unchecked and sorting:
        step = _("核对 %(count)s 条诉求") % {"count": unchecked}
        url, icon = reverse("needs:inbox", args=[study.pk]), "inbox"
    else:
        step, name, icon = {
            StudyStatus.PLANNED: (_("开始采集"), "needs:study", "player-play"),
            StudyStatus.COLLECTING: (_("录入访谈或导入记录"), "needs:quick_entry", "microphone"),
            StudyStatus.SORTING: (_("整理需求清单"), "needs:board", "layout-kanban"),
            StudyStatus.RANKING: (_("研判排序，匹配资源"), "needs:board", "layout-kanban"),
            StudyStatus.FINAL: (_("提交社区确认"), "needs:study", "send"),
            StudyStatus.CONFIRMED: (_("起草项目方案"), "projects:create", "file-text"),
        }[StudyStatus(study.status)]
        url = reverse(name, args=[study.pk])
    return Task(step, str(study), url, icon, study.get_status_display(), study.status)


def agency_proposal_group(scope: Scope) -> Group:
    """Proposals to go on writing, to mend, or to look through before they leave the house."""
    writing = Q(
        organization__in=scope.organization_pks(Role.AGENCY, Role.SW, Role.STATION),
        status__in=(ProposalStatus.DRAFT, ProposalStatus.RETURNED),
    )
    looking = Q(
        organization__in=scope.organization_pks(Role.AGENCY, Role.SUPV),
        status=ProposalStatus.INTERNAL,
    )
    steps = {
        ProposalStatus.DRAFT: _("继续撰写"),
        ProposalStatus.RETURNED: _("按社区意见修改"),
        ProposalStatus.INTERNAL: _("机构内审"),
    }
    return _proposals(scope, writing | looking, steps, _("项目方案"))


def community_proposal_group(scope: Scope) -> Group:
    """Proposals the committee has to accept, review or decide."""
    steps = {
        ProposalStatus.SUBMITTED: _("受理并开始初审"),
        ProposalStatus.REVIEW: _("提出初审意见"),
        ProposalStatus.PARTY: _("登记党组织研究结果"),
        ProposalStatus.VOTE: _("登记表决结果"),
        ProposalStatus.PUBLICITY: _("公示期满后决定"),
    }
    here = _inside(scope, Role.COMM) & Q(status__in=_IN_COMMUNITY)
    return _proposals(scope, here, steps, _("待审项目方案"))


def _proposals(scope: Scope, which: Q, steps: dict[ProposalStatus, str], title: str) -> Group:
    proposals = (
        proposals_visible_to(scope)
        .filter(which)
        .select_related("community", "organization")
        .order_by("updated_at", "pk")
    )
    return Group(
        title,
        "file-text",
        tuple(_proposal_task(proposal, steps) for proposal in proposals[:LISTED]),
        total=proposals.count(),
        url=reverse("projects:proposals"),
    )


def _proposal_task(proposal: Proposal, steps: dict[ProposalStatus, str]) -> Task:
    return Task(
        title=steps[ProposalStatus(proposal.status)],
        note=f"{proposal} · {proposal.community}",
        url=proposal.get_absolute_url(),
        icon="file-text",
        label=proposal.get_status_display(),
        tone=proposal.status,
    )


def community_study_group(scope: Scope) -> Group:
    """Reports of studies that wait for the community's word."""
    studies = studies_visible_to(scope).filter(
        _inside(scope, Role.COMM), status=StudyStatus.SUBMITTED
    )
    return Group(
        _("待确认的调研报告"),
        "clipboard-check",
        tuple(
            Task(
                _("确认或退回调研报告"),
                f"{study} · {study.organization}",
                study.get_absolute_url(),
                "clipboard-check",
                study.get_status_display(),
                study.status,
            )
            for study in studies[:LISTED]
        ),
        total=studies.count(),
        url=reverse("needs:studies"),
    )


def telling_group(scope: Scope) -> Group:
    """Needs whose residents have not heard back."""
    here = _inside(scope, Role.COMM, Role.STATION, Role.TOWN)
    needs = (
        needs_visible_to(scope)
        .filter(here, safety=False, status__in=_TO_TELL, answer="")
        .order_by("updated_at", "pk")
    )
    return Group(
        _("等待答复的居民诉求"),
        "message-2",
        tuple(
            Task(
                need.title,
                f"{need.community} · {need.need_type}",
                need.get_absolute_url(),
                "message-2",
                need.get_status_display(),
                need.status,
            )
            for need in needs[:LISTED]
        ),
        total=needs.count(),
    )


def _inside(scope: Scope, *roles: Role) -> Q:
    found = Q(pk__in=[])
    for prefix in sorted(scope.prefixes(*roles)):
        found |= Q(community__code__startswith=prefix)
    return found


def band_counts(scope: Scope) -> dict[str, int]:
    """Open needs by band, safety left out; one query."""
    rows = (
        needs_visible_to(scope)
        .filter(safety=False)
        .exclude(status__in=(NeedStatus.MERGED, NeedStatus.CLOSED))
        .order_by()
        .values_list("band")
        .annotate(n=Count("pk"))
    )
    return dict(rows)
