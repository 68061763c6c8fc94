"""What the machine proposed, what people decided, and the models made from it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sanshe.core.models import Dated


class ModelVersion(Dated):
    """One trained classifier; reproducible from its training table and seed.

    The model itself is one file in `<home>/models`. A version without `base` is the shipped one;
    the others were learned from people's decisions on top of it, and are used only where they do
    no worse.
    """

    version = models.CharField(_("版本"), max_length=40, unique=True)
    base = models.ForeignKey(
        "self", verbose_name=_("基础版本"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    rows = models.PositiveIntegerField(_("训练样本数"))
    corrections = models.PositiveIntegerField(_("其中人工核对"), default=0)
    seed = models.PositiveIntegerField(_("随机种子"), default=0)
    scores = models.JSONField(_("自评分数"), default=dict)
    # What it does worse than its base on texts neither had seen; such a version is never used.
    losses = models.JSONField(_("不如自带版本之处"), default=list)
    active = models.BooleanField(_("使用中"), default=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("分类模型")
        constraints = [
            models.UniqueConstraint(
                fields=["active"], condition=models.Q(active=True), name="one_active_model"
            ),
        ]

    def __str__(self) -> str:
        return self.version


class LearningRun(Dated):
    """One request to learn again from what people decided. At most one waits at a time."""

    #: A run that says nothing for so long is taken for dead; another may be asked for.
    PATIENCE = timedelta(minutes=30)

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("发起人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    upto = models.PositiveBigIntegerField(_("截至核对记录"), default=0)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    problem = models.TextField(_("失败原因"), blank=True)
    model = models.ForeignKey(
        ModelVersion, verbose_name=_("得到的版本"), on_delete=models.SET_NULL, null=True
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("重新学习")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.started_at is None and self.finished_at is None

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.finished_at is None

    @property
    def is_overdue(self) -> bool:
        """Open for longer than any run takes: the worker is slow, or not there."""
        since = self.started_at or self.created_at
        return self.finished_at is None and timezone.now() - since > self.PATIENCE


class Suggestion(models.Model):
    """What a model said of a statement; kept beside what people decided."""

    statement = models.ForeignKey(
        "needs.Statement", on_delete=models.CASCADE, related_name="suggestions"
    )
    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    label = models.ForeignKey(
        "taxonomy.NeedType", on_delete=models.PROTECT, null=True, related_name="+"
    )
    confidence = models.FloatField(_("置信度"))
    alternatives = models.JSONField(_("备选"), default=list)
    because = models.JSONField(_("依据"), default=list)
    safety = models.BooleanField(_("人身安全"), default=False)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("机器建议")
        constraints = [
            models.UniqueConstraint(fields=["statement", "model"], name="one_suggestion_a_model"),
        ]

    def __str__(self) -> str:
        return f"{self.label_id or '—'} {self.confidence:.2f}"


class Labelling(models.Model):
    """What a person decided about a statement: its label, or that it holds no need.

    Never edited but for `undone`. `bulk` marks decisions taken for many at a tap: they count
    neither as evidence of how good the model is nor as something to learn from.
    """

    statement = models.ForeignKey(
        "needs.Statement", on_delete=models.CASCADE, related_name="labellings"
    )
    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    label = models.ForeignKey(
        "taxonomy.NeedType", on_delete=models.PROTECT, null=True, related_name="+"
    )
    safety = models.BooleanField(_("人身安全"), default=False)
    agreed = models.BooleanField(_("与建议一致"))
    bulk = models.BooleanField(_("批量采纳"), default=False)
    undone = models.BooleanField(_("已撤销"), default=False)
    left = models.ForeignKey(
        "needs.Need",
        verbose_name=_("因此离开的需求"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("核对人"), on_delete=models.PROTECT
    )
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("人工核对")

    def __str__(self) -> str:
        return f"{self.label_id or '—'}"
