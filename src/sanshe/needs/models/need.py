"""Needs: what several statements ask for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanshe.core.models import Dated
from sanshe.engine.flow import Flow, Move


class NeedStatus(models.TextChoices):
    NEW = "new", _("新登记")
    CLASSIFIED = "classified", _("已分类")
    MERGED = "merged", _("已合并")
    VERIFIED = "verified", _("已核实")
    PLANNED = "planned", _("已立项")
    REFERRED = "referred", _("已转介")
    ANSWERED = "answered", _("即时回应")
    DEFERRED = "deferred", _("暂缓")
    TOLD = "told", _("已反馈居民")
    CLOSED = "closed", _("已关闭")


class NeedMove(models.TextChoices):
    CLASSIFY = "classify", _("确认分类")
    MERGE = "merge", _("合并")
    UNMERGE = "unmerge", _("撤销合并")
    VERIFY = "verify", _("核实")
    PLAN = "plan", _("立项")
    REFER = "refer", _("转介")
    ANSWER = "answer", _("即时回应")
    DEFER = "defer", _("暂缓")
    RESUME = "resume", _("恢复")
    TELL = "tell", _("反馈居民")
    CLOSE = "close", _("关闭")


_OPEN: set[str] = {NeedStatus.NEW, NeedStatus.CLASSIFIED, NeedStatus.VERIFIED}
NEED_FLOW = Flow(
    {
        NeedMove.CLASSIFY: Move({NeedStatus.NEW}, NeedStatus.CLASSIFIED),
        NeedMove.MERGE: Move(_OPEN, NeedStatus.MERGED),
        NeedMove.UNMERGE: Move({NeedStatus.MERGED}, NeedStatus.CLASSIFIED),
        NeedMove.VERIFY: Move({NeedStatus.CLASSIFIED}, NeedStatus.VERIFIED),
        NeedMove.PLAN: Move({NeedStatus.VERIFIED}, NeedStatus.PLANNED),
        NeedMove.REFER: Move({NeedStatus.CLASSIFIED, NeedStatus.VERIFIED}, NeedStatus.REFERRED),
        NeedMove.ANSWER: Move({NeedStatus.CLASSIFIED, NeedStatus.VERIFIED}, NeedStatus.ANSWERED),
        NeedMove.DEFER: Move({NeedStatus.CLASSIFIED, NeedStatus.VERIFIED}, NeedStatus.DEFERRED),
        NeedMove.RESUME: Move(
            {NeedStatus.PLANNED, NeedStatus.DEFERRED, NeedStatus.REFERRED}, NeedStatus.VERIFIED
        ),
        NeedMove.TELL: Move(
            {NeedStatus.PLANNED, NeedStatus.REFERRED, NeedStatus.ANSWERED, NeedStatus.DEFERRED},
            NeedStatus.TOLD,
        ),
        NeedMove.CLOSE: Move({NeedStatus.TOLD}, NeedStatus.CLOSED),
    }
)


class Band(models.TextChoices):
    P0 = "P0", _("P0 人身安全")
    A = "A", _("A 优先立项")
    B = "B", _("B 纳入年度")
    C = "C", _("C 培育链接")
    D = "D", _("D 观察")


#: Needs that are still being worked on; the voices of the others are history.
OPEN_NEEDS = (
    NeedStatus.NEW,
    NeedStatus.CLASSIFIED,
    NeedStatus.VERIFIED,
    NeedStatus.PLANNED,
    NeedStatus.REFERRED,
    NeedStatus.ANSWERED,
    NeedStatus.DEFERRED,
)
#: What everybody may know of: needs that were answered, or for which something is planned.
PUBLIC_NEEDS = (
    NeedStatus.PLANNED,
    NeedStatus.ANSWERED,
    NeedStatus.TOLD,
    NeedStatus.CLOSED,
)


class WeightSet(Dated):
    """The weights of the priority score, kept by version (five weights that sum to 1).

    The newest version of a study ranks its needs; without one, the defaults do.
    """

    study = models.ForeignKey(
        "needs.Study",
        verbose_name=_("调研"),
        on_delete=models.CASCADE,
        null=True,
        related_name="weight_sets",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("设定人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    severity = models.FloatField(_("严重程度"), default=0.30)
    urgency = models.FloatField(_("紧迫程度"), default=0.20)
    reach = models.FloatField(_("影响范围"), default=0.20)
    evidence = models.FloatField(_("证据强度"), default=0.15)
    feasibility = models.FloatField(_("可行性"), default=0.15)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("排序权重")
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__gte=0, urgency__gte=0, reach__gte=0, evidence__gte=0,
                            feasibility__gte=0),
                name="weights_not_negative",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"W{self.pk}"


class Need(Dated):
    """What several statements of one community ask for, owned by staff (需求)."""

    study = models.ForeignKey(
        "needs.Study", verbose_name=_("调研"), on_delete=models.CASCADE, related_name="needs"
    )
    community = models.ForeignKey(
        "places.Division", verbose_name=_("社区（村）"), on_delete=models.PROTECT
    )
    need_type = models.ForeignKey(
        "taxonomy.NeedType", verbose_name=_("需求类型"), on_delete=models.PROTECT
    )
    title = models.CharField(_("标题"), max_length=80)
    description = models.TextField(_("说明"), blank=True)
    status = models.CharField(
        _("状态"), max_length=12, choices=NeedStatus, default=NeedStatus.NEW, editable=False
    )
    safety = models.BooleanField(_("人身安全"), default=False)
    safety_since = models.DateTimeField(_("人身安全起始"), null=True, editable=False)
    locked = models.BooleanField(_("已锁定"), default=False)
    renamed = models.BooleanField(_("标题由人拟定"), default=False, editable=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("并入"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="merged_needs",
    )
    people_affected = models.PositiveIntegerField(_("涉及人数"), null=True, blank=True)
    people_basis = models.CharField(_("人数依据"), max_length=120, blank=True)
    severity = models.PositiveSmallIntegerField(_("严重程度（1–5）"), null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(_("紧迫程度（1–5）"), null=True, blank=True)
    feasibility = models.PositiveSmallIntegerField(_("可行性（1–5）"), null=True, blank=True)
    bradshaw = models.JSONField(_("需求性质（Bradshaw）"), default=list, blank=True)
    target_group = models.CharField(_("服务对象"), max_length=40, blank=True)
    languages = models.JSONField(_("语言要求"), default=list, blank=True)
    priority = models.FloatField(_("优先级（0–100）"), default=0.0, editable=False)
    band = models.CharField(_("等级"), max_length=2, choices=Band, default=Band.D, editable=False)
    components = models.JSONField(_("优先级构成"), default=dict, editable=False)
    defaults = models.JSONField(_("取默认值的分项"), default=dict, editable=False)
    weights = models.ForeignKey(
        WeightSet, verbose_name=_("权重版本"), on_delete=models.PROTECT, null=True, editable=False
    )
    answer = models.TextField(_("给居民的答复"), blank=True)

    class Meta:
        ordering = ["-priority", "pk"]
        verbose_name = _("需求")
        indexes = [models.Index(fields=["status", "band"])]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=NeedStatus.values), name="need_status"),
            models.CheckConstraint(condition=Q(band__in=Band.values), name="need_band"),
            models.CheckConstraint(
                condition=~Q(status=NeedStatus.MERGED) | Q(merged_into__isnull=False),
                name="merged_needs_name_their_main",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{scale}__isnull": True})
                    | Q(**{f"{scale}__gte": 1, f"{scale}__lte": 5}),
                    name=f"need_{scale}_1_to_5",
                )
                for scale in ("severity", "urgency", "feasibility")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk:thread", args=[self.pk])
