"""Figures and what moves, for those who look after a place; what is public, for everyone else."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from sanshe.core.templatetags.ui import cn_date
from sanshe.desk.selectors.field import LISTED, band_counts
from sanshe.desk.selectors.parts import Figure, Group, Guide, Task
from sanshe.matching.selectors import offers_visible_to
from sanshe.needs.models import OPEN_NEEDS, Band, Need, Study, StudyStatus
from sanshe.needs.rules import DISTANT, PUBLIC_READERS
from sanshe.needs.selectors import needs_visible_to, studies_visible_to
from sanshe.organizations.models import Role
from sanshe.organizations.scope import Scope
from sanshe.projects.models import ProposalStatus
from sanshe.projects.selectors import proposals_visible_to

_DONE = (StudyStatus.CONFIRMED, StudyStatus.ARCHIVED)
_DECIDING = (
    ProposalStatus.SUBMITTED,
    ProposalStatus.REVIEW,
    ProposalStatus.PARTY,
    ProposalStatus.VOTE,
    ProposalStatus.PUBLICITY,
)
_OFFICERS = (Role.CITY, Role.CIVIL, Role.TOWN, Role.STATION)


def figures(scope: Scope) -> list[Figure]:
    """Studies, needs and proposals within reach; safety needs as a number only."""
    studies = studies_visible_to(scope).aggregate(
        all=Count("pk"), running=Count("pk", filter=~Q(status__in=_DONE))
    )
    bands = band_counts(scope)
    proposals = proposals_visible_to(scope).aggregate(
        deciding=Count("pk", filter=Q(status__in=_DECIDING)),
        approved=Count("pk", filter=Q(status=ProposalStatus.APPROVED)),
    )
    found = [
        Figure(
            _("进行中的调研"),
            studies["running"],
            _("共 %(count)s 项") % {"count": studies["all"]},
            reverse("needs:studies"),
        ),
        Figure(
            _("未办结需求"),
            sum(bands.values()),
            "  ".join(f"{band} {bands[band]}" for band in Band.values if bands.get(band)),
        ),
        Figure(
            _("审议中的方案"),
            proposals["deciding"],
            _("已通过 %(count)s 个") % {"count": proposals["approved"]},
            reverse("projects:proposals"),
        ),
    ]
    if scope.has(*DISTANT):
        found.append(_safety_figure(scope))
    return found


def _safety_figure(scope: Scope) -> Figure:
    here = Q(pk__in=[])
    for prefix in sorted(scope.prefixes(*DISTANT)):
        here |= Q(community__code__startswith=prefix)
    count = Need.objects.filter(here, safety=True, status__in=OPEN_NEEDS).count()
    return Figure(
        _("人身安全事项"),
        count,
        _("由社区和承办机构直接处理，此处只显示数量"),
        tone="danger" if count else "",
    )


def moving_group(scope: Scope) -> Group:
    """The studies that moved last."""
    studies = studies_visible_to(scope).order_by("-updated_at", "-pk")[:LISTED]
    return Group(
        _("调研进展"),
        "activity",
        tuple(_study_line(study) for study in studies),
        url=reverse("needs:studies"),
        work=False,
    )


def _study_line(study: Study) -> Task:
    return Task(
        study.title,
        f"{study.community} · {study.organization} · {cn_date(study.updated_at)}",
        study.get_absolute_url(),
        "ear",
        study.get_status_display(),
        study.status,
    )


def proposal_group(scope: Scope) -> Group:
    """The proposals that moved last: for officers those of their place, else the public ones."""
    proposals = proposals_visible_to(scope).order_by("-updated_at", "-pk")[:LISTED]
    return Group(
        _("项目方案进展") if scope.has(*_OFFICERS) else _("公示和已通过的项目"),
        "file-text",
        tuple(
            Task(
                proposal.title,
                f"{proposal.community} · {proposal.organization}",
                proposal.get_absolute_url(),
                "file-text",
                proposal.get_status_display(),
                proposal.status,
            )
            for proposal in proposals
        ),
        url=reverse("projects:proposals"),
        work=False,
    )


def answered_group(scope: Scope) -> Group:
    """What residents asked for and what was answered or planned; only what is public."""
    needs = needs_visible_to(scope).filter(safety=False).order_by("-updated_at", "-pk")
    return Group(
        _("居民诉求的回应"),
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
        work=False,
    )


def offer_figure(scope: Scope) -> Figure:
    own = scope.organization_pks(Role.CORG, Role.DONOR, Role.VOL)
    counts = offers_visible_to(scope).filter(organization__in=own).aggregate(n=Count("pk"))
    return Figure(_("本组织登记的服务资源"), counts["n"], url=reverse("matching:offers"))


def public_guides(scope: Scope) -> list[Guide]:
    """What a person in a public role can do here, in one sentence each."""
    guides = []
    if scope.has(Role.CORG, Role.DONOR, Role.VOL):
        guides.append(
            Guide(
                _("登记能提供的服务、物资、场地或时间"),
                _("登记后，系统会把它与居民需求自动匹配；匹配结果由社工核实后与您联系。"),
                reverse("matching:offers"),
                _("服务资源"),
            )
        )
    if scope.has(Role.RES):
        guides.append(
            Guide(
                _("有话想说"),
                _("向本社区居委会、网格员或入户社工反映，他们会记录原话；处理结果在此公开答复。"),
                reverse("places:list"),
                _("查看本社区"),
            )
        )
    if scope.has(Role.EVAL) and not scope.has(*PUBLIC_READERS):
        guides.append(
            Guide(
                _("目前没有分配给您的评估项目"),
                _("评估对象从立项开始。项目确定后，委托方会为您开通相应项目的查看范围。"),
            )
        )
    return guides
