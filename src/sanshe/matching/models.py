"""Offers, and the runs that match needs to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanshe.core.models import Dated
from sanshe.places.models import Division
from sanshe.taxonomy.choices import SpokenLanguage, TargetGroup


def in_language(chinese: str, english: str) -> str:
    """The English words on an English page, where there are any."""
    return english if english and (get_language() or "").startswith("en") else chinese


class OfferKind(models.TextChoices):
    """What is offered. The codes are those of `office.headings`."""

    CASEWORK = "casework", _("个案服务")
    GROUP = "group", _("小组")
    ACTIVITY = "activity", _("活动")
    COURSE = "course", _("课程")
    VISIT = "visit", _("探访")
    COUNSELLING = "counselling", _("咨询")
    MEAL = "meal", _("助餐")
    CARE = "care", _("照料")
    GOODS = "goods", _("物资")
    MONEY = "money", _("资金")
    VENUE = "venue", _("场地")
    JOB = "job", _("岗位")
    SKILL = "skill", _("专业技能")
    VOLUNTEER = "volunteer", _("志愿服务")
    REFERRAL = "referral", _("转介")
    OTHER = "other", _("其他")


class Offer(Dated):
    """A service, person or resource that can answer needs (服务资源)."""

    organization = models.ForeignKey(
        "organizations.Organization",
        verbose_name=_("提供方"),
        on_delete=models.PROTECT,
        related_name="offers",
    )
    kind = models.CharField(_("类型"), max_length=12, choices=OfferKind)
    title = models.CharField(_("名称"), max_length=80)
    need_types = models.ManyToManyField("taxonomy.NeedType", verbose_name=_("回应的需求类型"))
    target_groups = models.JSONField(_("服务对象"), default=list, blank=True)
    languages = models.JSONField(_("语言"), default=list, blank=True)
    capacity = models.PositiveIntegerField(_("可承接数量"))
    catchment = models.JSONField(_("服务范围（区划代码）"), default=list)
    unit_cost_fen = models.PositiveBigIntegerField(_("单位成本（分）"), default=0)
    valid_from = models.DateField(_("有效期自"), null=True, blank=True)
    valid_to = models.DateField(_("有效期至"), null=True, blank=True)
    minors_cleared = models.BooleanField(_("可服务未成年人"), default=False)
    active = models.BooleanField(_("启用"), default=True)
    is_sample = models.BooleanField(_("示例数据"), default=False, editable=False)

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("服务资源")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OfferKind.values), name="offer_kind"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="offer_period",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("matching:offer", args=[self.pk])

    @property
    def target_group_names(self) -> list[str]:
        """For whom, in words."""
        return [str(TargetGroup(code).label) for code in self.target_groups]

    @property
    def language_names(self) -> list[str]:
        """What is spoken, in words."""
        return [str(SpokenLanguage(code).label) for code in self.languages]

    @property
    def catchment_names(self) -> list[str]:
        """Where it is given, in words; a code no division has stays a code. One query."""
        codes = {prefix.ljust(12, "0"): prefix for prefix in self.catchment}
        names = dict(Division.objects.filter(pk__in=codes).values_list("code", "short_name"))
        return [names.get(code, prefix) for code, prefix in codes.items()]


class OfferImport(Dated):
    """A workbook of offers between the look at it and a day later (资源导入). The uploader's alone.

    `changed` says of every offer that came or changed with it what it was before (None: it was
    not there) and after, so that it can be taken back.
    """

    organization = models.ForeignKey(
        "organizations.Organization", verbose_name=_("提供方"), on_delete=models.CASCADE,
        related_name="+",
    )  # fmt: skip
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("导入人"), on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    file_name = models.CharField(_("文件名"), max_length=200)
    stored = models.CharField(_("暂存文件"), max_length=120, editable=False)
    found = models.PositiveIntegerField(_("可导入行数"), default=0)
    rejected = models.PositiveIntegerField(_("问题行数"), default=0)
    imported_at = models.DateTimeField(_("导入时间"), null=True, editable=False)
    changed = models.JSONField(_("变更"), default=dict, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("资源导入")

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("matching:offer_import_detail", args=[self.pk])


class RunStatus(models.TextChoices):
    OPTIMAL = "optimal", _("已证明最优")
    BOUNDED = "bounded", _("已给出差距上限")


class Aim(models.TextChoices):
    """What a run maximises. The values are those of `engine.match`."""

    BANDS = "lexicographic", _("紧急优先，再求总匹配度最高")
    TOTAL = "weighted", _("按等级加权，求总匹配度最高")


class MatchRun(Dated):
    """One matching of a study's needs to the offers of that day (匹配批次)."""

    study = models.ForeignKey(
        "needs.Study", verbose_name=_("调研"), on_delete=models.CASCADE, related_name="match_runs"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("运行人"), on_delete=models.PROTECT, null=True
    )
    status = models.CharField(_("结论"), max_length=8, choices=RunStatus)
    needs = models.PositiveIntegerField(_("需求数"))
    offers = models.PositiveIntegerField(_("资源数"))
    pairs = models.PositiveIntegerField(_("可行配对数"))
    objective = models.FloatField(_("目标值"))
    upper_bound = models.FloatField(_("上界"))
    gap = models.FloatField(_("差距"))
    seconds = models.FloatField(_("用时（秒）"))
    aim = models.CharField(_("目标"), max_length=14, choices=Aim, default=Aim.BANDS)
    weights = models.JSONField(_("评分权重"), default=dict)
    # Accepted matches of a study count against capacity in its newest run only.
    current = models.BooleanField(_("最新一次"), default=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("匹配批次")
        constraints = [
            models.UniqueConstraint(
                fields=["study"], condition=Q(current=True), name="one_current_run_a_study"
            ),
            models.CheckConstraint(condition=Q(aim__in=Aim.values), name="run_aim"),
            models.CheckConstraint(condition=Q(status__in=RunStatus.values), name="run_status"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matching:run", args=[self.pk])


class MatchStatus(models.TextChoices):
    SUGGESTED = "suggested", _("建议")
    ACCEPTED = "accepted", _("已采纳")
    REFUSED = "refused", _("已否决")


class Match(Dated):
    """A need given one unit of an offer, with the reasons (精准匹配). A person confirms it."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="matches")
    need = models.ForeignKey("needs.Need", on_delete=models.CASCADE, related_name="matches")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="matches")
    fit = models.FloatField(_("匹配度（0–1）"))
    components = models.JSONField(_("评分构成"), default=dict)
    reason = models.TextField(_("理由"))
    reason_en = models.TextField(_("理由（英文）"), blank=True)
    next_best = models.ForeignKey(
        Offer, verbose_name=_("次选"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    why_not = models.TextField(_("未选次选的原因"), blank=True)
    why_not_en = models.TextField(_("未选次选的原因（英文）"), blank=True)
    status = models.CharField(
        _("状态"), max_length=10, choices=MatchStatus, default=MatchStatus.SUGGESTED
    )
    pinned = models.BooleanField(_("已固定"), default=False)
    refusal = models.CharField(_("否决理由"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("决定人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    #: Nobody has decided about it: it does not keep a need that nobody speaks for.
    UNDECIDED = Q(status=MatchStatus.SUGGESTED, pinned=False)

    class Meta:
        ordering = ["-fit", "pk"]
        verbose_name = _("匹配")
        constraints = [
            models.UniqueConstraint(fields=["run", "need"], name="one_offer_a_need_a_run"),
            models.CheckConstraint(condition=Q(fit__gte=0, fit__lte=1), name="match_fit"),
            models.CheckConstraint(condition=Q(status__in=MatchStatus.values), name="match_status"),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} → {self.offer_id}"

    @property
    def reason_here(self) -> str:
        """The reason in the language of the page."""
        return in_language(self.reason, self.reason_en)

    @property
    def why_not_here(self) -> str:
        """Why not the next best, in the language of the page."""
        return in_language(self.why_not, self.why_not_en)


class Gap(models.Model):
    """A need that no offer could take, and why (缺口)."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="gaps")
    need = models.ForeignKey("needs.Need", on_delete=models.CASCADE, related_name="gaps")
    code = models.CharField(_("原因代码"), max_length=12, default="blocked")
    reason = models.TextField(_("原因"))
    reason_en = models.TextField(_("原因（英文）"), blank=True)
    nearest_offer = models.ForeignKey(
        Offer, verbose_name=_("最接近的资源"), on_delete=models.SET_NULL, null=True,
        related_name="+",
    )  # fmt: skip

    #: A gap is the machine's word alone.
    UNDECIDED = Q(pk__isnull=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("缺口")
        constraints = [
            models.UniqueConstraint(fields=["run", "need"], name="gap_once"),
        ]

    def __str__(self) -> str:
        return f"{self.need_id}"

    @property
    def reason_here(self) -> str:
        """The reason in the language of the page."""
        return in_language(self.reason, self.reason_en)
