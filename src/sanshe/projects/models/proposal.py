"""The proposal (项目方案): sixteen sections, its states, and its kept versions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanshe.core.models import Dated
from sanshe.engine.flow import Flow, Move


class ProposalStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    INTERNAL = "internal", _("机构内审")
    SUBMITTED = "submitted", _("已提交社区")
    REVIEW = "review", _("社区初审")
    RETURNED = "returned", _("退回修改")
    PARTY = "party", _("党组织研究")
    VOTE = "vote", _("居民（代表）会议表决")
    PUBLICITY = "publicity", _("公示")
    APPROVED = "approved", _("通过")
    REJECTED = "rejected", _("不通过")


class ProposalMove(models.TextChoices):
    CHECK = "check", _("提交机构内审")
    REWORK = "rework", _("内审退回")
    SUBMIT = "submit", _("提交社区")
    ACCEPT = "accept", _("受理并开始初审")
    RETURN = "return", _("退回修改")
    REVISE = "revise", _("修改")
    TO_PARTY = "to_party", _("提交党组织研究")
    TO_VOTE = "to_vote", _("提交居民（代表）会议")
    TO_PUBLICITY = "to_publicity", _("公示")
    APPROVE = "approve", _("通过")
    REJECT = "reject", _("不通过")


_IN_COMMUNITY: set[str] = {
    ProposalStatus.REVIEW,
    ProposalStatus.PARTY,
    ProposalStatus.VOTE,
    ProposalStatus.PUBLICITY,
}
#: Every move the field knows; `ReviewRules` says which optional steps this community takes.
PROPOSAL_FLOW = Flow(
    {
        ProposalMove.CHECK: Move({ProposalStatus.DRAFT}, ProposalStatus.INTERNAL),
        ProposalMove.REWORK: Move({ProposalStatus.INTERNAL}, ProposalStatus.DRAFT),
        ProposalMove.SUBMIT: Move({ProposalStatus.INTERNAL}, ProposalStatus.SUBMITTED),
        ProposalMove.ACCEPT: Move({ProposalStatus.SUBMITTED}, ProposalStatus.REVIEW),
        ProposalMove.RETURN: Move(_IN_COMMUNITY, ProposalStatus.RETURNED),
        ProposalMove.REVISE: Move({ProposalStatus.RETURNED}, ProposalStatus.DRAFT),
        ProposalMove.TO_PARTY: Move({ProposalStatus.REVIEW}, ProposalStatus.PARTY),
        ProposalMove.TO_VOTE: Move(
            {ProposalStatus.REVIEW, ProposalStatus.PARTY}, ProposalStatus.VOTE
        ),
        ProposalMove.TO_PUBLICITY: Move(
            {ProposalStatus.REVIEW, ProposalStatus.PARTY, ProposalStatus.VOTE},
            ProposalStatus.PUBLICITY,
        ),
        ProposalMove.APPROVE: Move(_IN_COMMUNITY, ProposalStatus.APPROVED),
        ProposalMove.REJECT: Move(_IN_COMMUNITY, ProposalStatus.REJECTED),
    }
)


class ReviewRules(Dated):
    """Which optional steps the review of a place takes; the nearest place around it decides."""

    division = models.OneToOneField(
        "places.Division", verbose_name=_("适用地"), on_delete=models.CASCADE
    )
    party_study = models.BooleanField(_("须党组织研究"), default=False)
    residents_vote = models.BooleanField(_("须居民（代表）会议表决"), default=False)
    publicity = models.BooleanField(_("须公示"), default=False)
    publicity_days = models.PositiveSmallIntegerField(_("公示天数"), default=5)

    class Meta:
        verbose_name = _("审议步骤设置")

    def __str__(self) -> str:
        return f"{self.division}"


class Proposal(Dated):
    """What an agency proposes to a community to answer its needs (项目方案)."""

    study = models.ForeignKey(
        "needs.Study", verbose_name=_("调研"), on_delete=models.PROTECT, related_name="proposals"
    )
    match_run = models.ForeignKey(
        "matching.MatchRun", verbose_name=_("匹配批次"), on_delete=models.SET_NULL, null=True
    )
    community = models.ForeignKey(
        "places.Division", verbose_name=_("社区（村）"), on_delete=models.PROTECT
    )
    organization = models.ForeignKey(
        "organizations.Organization", verbose_name=_("承担机构"), on_delete=models.PROTECT
    )
    title = models.CharField(_("项目名称"), max_length=80)
    lead = models.ForeignKey(
        "talent.Worker", verbose_name=_("项目负责人"), on_delete=models.SET_NULL, null=True,
        blank=True,
    )  # fmt: skip
    needs = models.ManyToManyField("needs.Need", verbose_name=_("纳入的需求"), related_name="+")
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=ProposalStatus,
        default=ProposalStatus.DRAFT,
        editable=False,
    )
    number = models.PositiveSmallIntegerField(_("版本号"), default=1, editable=False)
    public_from = models.DateField(_("公示开始日"), null=True, editable=False)

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = _("项目方案")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ProposalStatus.values), name="proposal_status"
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gt=models.F("starts_on")),
                name="proposal_period",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.pk])


class Section(Dated):
    """One of the sixteen sections: the machine's draft and what people made of it.

    In `text`, `[^12]` is a footnote to statement 12, and `【待填：…】` a blank that the program
    could not know.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField(_("章节"))
    text = models.TextField(_("内容"), blank=True)
    drafted = models.TextField(_("机器草稿"), blank=True, editable=False)
    # By need: what it looked like when this section was drafted, to tell what went stale.
    drafted_from = models.JSONField(_("起草依据"), default=dict, editable=False)
    # By need: its title. Those that the proposal answered when this section was drafted.
    drafted_for = models.JSONField(_("起草时纳入的需求"), default=dict, editable=False)
    # The rows of the table that stands in it, as the machine wrote them; to tell edited ones.
    drafted_rows = models.JSONField(_("机器起草的表格"), null=True, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False
    )

    class Meta:
        ordering = ["number"]
        verbose_name = _("章节")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="section_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=16), name="section_1_to_16"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class ReviewRemark(Dated):
    """What a reviewer says about one section, until somebody has dealt with it.

    Remarks made inside the agency stay there (`inhouse`); those of the review are for both sides.
    """

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="remarks")
    text = models.CharField(_("意见"), max_length=400)
    inhouse = models.BooleanField(_("机构内部"), default=False, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("提出人"), on_delete=models.PROTECT
    )
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("处理人"), on_delete=models.PROTECT, null=True,
        related_name="+",
    )  # fmt: skip
    resolved_at = models.DateTimeField(_("处理时间"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("审议意见")

    def __str__(self) -> str:
        return self.text[:40]


class ProposalVersion(models.Model):
    """The whole proposal as it stood when it was handed in or decided."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本号"))
    verb = models.CharField(_("缘由"), max_length=14, choices=ProposalMove)
    snapshot = models.JSONField(_("内容"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("方案版本")

    def __str__(self) -> str:
        return f"v{self.number}"
