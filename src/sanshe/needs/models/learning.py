"""What the machine proposed, what people decided, and the models made from it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sanshe.core.models import Dated


class ModelVersion(Dated):
    """One trained classifier; reproducible from its training table and seed."""

    version = models.CharField(_("版本"), max_length=40, unique=True)
    rows = models.PositiveIntegerField(_("训练样本数"))
    corrections = models.PositiveIntegerField(_("其中人工更正"), default=0)
    seed = models.PositiveIntegerField(_("随机种子"), default=0)
    scores = models.JSONField(_("自评分数"), default=dict)
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

    def __str__(self) -> str:
        return f"{self.label_id or '—'} {self.confidence:.2f}"


class Labelling(models.Model):
    """What a person decided about a statement: its label, or that it holds no need."""

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
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("核对人"), on_delete=models.PROTECT
    )
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("人工核对")

    def __str__(self) -> str:
        return f"{self.label_id or '—'}"
