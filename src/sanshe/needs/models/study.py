"""A study of the needs of one community (需求调研)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanshe.core.models import Dated
from sanshe.engine.flow import Flow, Move
from sanshe.needs.models.statement import Informant


class StudyStatus(models.TextChoices):
    PLANNED = "planned", _("计划")
    COLLECTING = "collecting", _("采集中")
    SORTING = "sorting", _("整理分类")
    RANKING = "ranking", _("研判排序")
    FINAL = "final", _("报告定稿")
    SUBMITTED = "submitted", _("已提交社区")
    CONFIRMED = "confirmed", _("社区已确认")
    ARCHIVED = "archived", _("已归档")


class StudyMove(models.TextChoices):
    START = "start", _("开始采集")
    SORT = "sort", _("开始整理")
    RANK = "rank", _("开始研判")
    FINISH = "finish", _("报告定稿")
    REOPEN = "reopen", _("补充采集")
    SUBMIT = "submit", _("提交社区")
    CONFIRM = "confirm", _("社区确认")
    RETURN = "return", _("社区退回")
    ARCHIVE = "archive", _("归档")


STUDY_FLOW = Flow(
    {
        StudyMove.START: Move({StudyStatus.PLANNED}, StudyStatus.COLLECTING),
        StudyMove.SORT: Move({StudyStatus.COLLECTING}, StudyStatus.SORTING),
        StudyMove.RANK: Move({StudyStatus.SORTING}, StudyStatus.RANKING),
        StudyMove.FINISH: Move({StudyStatus.RANKING}, StudyStatus.FINAL),
        StudyMove.REOPEN: Move(
            {StudyStatus.SORTING, StudyStatus.RANKING, StudyStatus.FINAL}, StudyStatus.COLLECTING
        ),
        StudyMove.SUBMIT: Move({StudyStatus.FINAL}, StudyStatus.SUBMITTED),
        StudyMove.CONFIRM: Move({StudyStatus.SUBMITTED}, StudyStatus.CONFIRMED),
        StudyMove.RETURN: Move({StudyStatus.SUBMITTED}, StudyStatus.RANKING),
        StudyMove.ARCHIVE: Move({StudyStatus.CONFIRMED}, StudyStatus.ARCHIVED),
    }
)


class Study(Dated):
    """A needs assessment of one community, carried out by one agency (需求调研)."""

    title = models.CharField(_("名称"), max_length=80)
    community = models.ForeignKey(
        "places.Division", verbose_name=_("社区（村）"), on_delete=models.PROTECT
    )
    organization = models.ForeignKey(
        "organizations.Organization", verbose_name=_("承担机构"), on_delete=models.PROTECT
    )
    purpose = models.TextField(_("目的"), blank=True)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    status = models.CharField(
        _("状态"),
        max_length=12,
        choices=StudyStatus,
        default=StudyStatus.COLLECTING,
        editable=False,
    )

    class Meta:
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("需求调研")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=StudyStatus.values), name="study_status"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="study_period",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("needs:study", args=[self.pk])


class Quota(models.Model):
    """How many people of an informant category the study means to hear."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="quotas")
    informant = models.CharField(_("受访对象"), max_length=16, choices=Informant)
    target = models.PositiveIntegerField(_("计划人数"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("访谈配额")
        constraints = [
            models.CheckConstraint(
                condition=Q(informant__in=Informant.values), name="quota_informant"
            ),
            models.UniqueConstraint(fields=["study", "informant"], name="quota_once"),
        ]

    def __str__(self) -> str:
        return f"{self.informant}: {self.target}"
