"""The tables inside a proposal: objectives, activities, team, budget, risks."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ActivityKind(models.TextChoices):
    CASEWORK = "casework", _("个案")
    GROUP = "group", _("小组")
    ACTIVITY = "activity", _("社区活动")
    COURSE = "course", _("社区教育")
    VISIT = "visit", _("探访")
    TRAINING = "training", _("培训")
    PUBLICITY = "publicity", _("宣传")
    REFERRAL = "referral", _("转介链接")


class BudgetAccount(models.TextChoices):
    STAFF = "1", _("人员")
    VOLUNTEERS = "2", _("志愿者补贴与保险")
    ACTIVITIES = "3", _("活动费")
    SUPERVISION = "4", _("督导培训")
    PUBLICITY = "5", _("宣传")
    OFFICE = "6", _("办公与设备")
    EVALUATION = "7", _("评估审计")
    MANAGEMENT = "8", _("管理费")
    TAX = "9", _("税费")


class InProposal(models.Model):
    """A row of one of the proposal's tables."""

    proposal = models.ForeignKey("projects.Proposal", on_delete=models.CASCADE)
    ordinal = models.PositiveSmallIntegerField(_("序号"), default=0)

    class Meta:
        abstract = True
        ordering = ["ordinal", "pk"]


class Objective(InProposal):
    """A SMART objective (目标); every one answers at least one need."""

    statement = models.CharField(_("目标"), max_length=200)
    indicator = models.CharField(_("指标"), max_length=80)
    unit = models.CharField(_("单位"), max_length=12)
    baseline = models.CharField(_("基线"), max_length=60, blank=True)
    target = models.PositiveIntegerField(_("目标值"))
    source = models.CharField(_("数据来源"), max_length=80, blank=True)
    due_on = models.DateField(_("完成时限"), null=True, blank=True)
    override = models.CharField(_("无对应需求的理由"), max_length=200, blank=True)
    needs = models.ManyToManyField(
        "needs.Need", through="ObjectiveNeed", related_name="objectives", verbose_name=_("对应需求")
    )

    class Meta(InProposal.Meta):
        verbose_name = _("目标")
        default_related_name = "objectives"

    def __str__(self) -> str:
        return self.statement


class ObjectiveNeed(models.Model):
    """The link of the thread between a need and the objective that answers it."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="links")
    need = models.ForeignKey("needs.Need", on_delete=models.PROTECT, related_name="links")

    class Meta:
        verbose_name = _("目标对应需求")
        constraints = [
            models.UniqueConstraint(fields=["objective", "need"], name="objective_need_once"),
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} ← {self.need_id}"


class PlannedActivity(InProposal):
    """A row of the plan: what is done, how often, for how many, in which month, by whom."""

    objective = models.ForeignKey(Objective, on_delete=models.SET_NULL, null=True, blank=True)
    kind = models.CharField(_("形式"), max_length=10, choices=ActivityKind)
    title = models.CharField(_("内容"), max_length=120)
    sessions = models.PositiveIntegerField(_("节（场）次"))
    people = models.PositiveIntegerField(_("每次人数"))
    month = models.PositiveSmallIntegerField(_("项目第几月"), default=1)
    owner = models.CharField(_("负责人"), max_length=60, blank=True)

    class Meta(InProposal.Meta):
        verbose_name = _("活动计划")
        default_related_name = "activities"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ActivityKind.values), name="planned_activity_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TeamMember(InProposal):
    """Who works in the project, in which part, for how many hours a week."""

    worker = models.ForeignKey(
        "talent.Worker", verbose_name=_("社工"), on_delete=models.PROTECT, null=True, blank=True
    )
    part = models.CharField(_("职责"), max_length=40)
    hours_week = models.PositiveSmallIntegerField(_("每周工时"), default=0)

    class Meta(InProposal.Meta):
        verbose_name = _("团队成员")
        default_related_name = "team"

    def __str__(self) -> str:
        return self.part


class BudgetLine(InProposal):
    """A line of the budget; the amount is price × quantity, to the fen."""

    account = models.CharField(_("科目"), max_length=1, choices=BudgetAccount)
    item = models.CharField(_("项目"), max_length=80)
    unit_price_fen = models.PositiveBigIntegerField(_("单价（分）"), default=0)
    unit = models.CharField(_("单位"), max_length=12, blank=True)
    quantity = models.DecimalField(_("数量"), max_digits=10, decimal_places=2, default=0)
    amount_fen = models.PositiveBigIntegerField(_("金额（分）"), default=0, editable=False)
    basis = models.CharField(_("依据"), max_length=160, blank=True)
    funder = models.CharField(_("资金来源"), max_length=60, blank=True)

    class Meta(InProposal.Meta):
        verbose_name = _("预算明细")
        default_related_name = "budget"
        constraints = [
            models.CheckConstraint(
                condition=Q(account__in=BudgetAccount.values), name="budget_account"
            ),
            # Half a fen up or down is rounding; more is a mistake somewhere.
            models.CheckConstraint(
                condition=Q(amount_fen__gte=F("unit_price_fen") * F("quantity") - Decimal("0.5"))
                & Q(amount_fen__lte=F("unit_price_fen") * F("quantity") + Decimal("0.5")),
                name="budget_amount_is_the_product",
            ),
        ]

    def __str__(self) -> str:
        return self.item


class Risk(InProposal):
    """What may go wrong and what is done about it."""

    risk = models.CharField(_("风险"), max_length=160)
    response = models.CharField(_("应对"), max_length=240)

    class Meta(InProposal.Meta):
        verbose_name = _("风险")
        default_related_name = "risks"

    def __str__(self) -> str:
        return self.risk
