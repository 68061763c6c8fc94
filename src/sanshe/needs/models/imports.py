"""Workbooks brought in, and the column headings an office has taught us."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanshe.core.models import Dated
from sanshe.engine.flow import Flow, Move
from sanshe.needs.models.statement import Informant, Method


class ImportStatus(models.TextChoices):
    PREVIEW = "preview", _("待确认")
    RUNNING = "running", _("正在导入")
    DONE = "done", _("已导入")
    FAILED = "failed", _("导入失败")
    UNDONE = "undone", _("已撤销")
    EXPIRED = "expired", _("已过期")


class ImportMove(models.TextChoices):
    CONFIRM = "confirm", _("确认导入")
    STORE = "store", _("写入")
    FAIL = "fail", _("失败")
    UNDO = "undo", _("撤销导入")
    DISCARD = "discard", _("放弃")
    EXPIRE = "expire", _("过期")


IMPORT_FLOW = Flow(
    {
        ImportMove.CONFIRM: Move({ImportStatus.PREVIEW, ImportStatus.FAILED}, ImportStatus.RUNNING),
        ImportMove.STORE: Move({ImportStatus.RUNNING}, ImportStatus.DONE),
        ImportMove.FAIL: Move({ImportStatus.RUNNING}, ImportStatus.FAILED),
        ImportMove.UNDO: Move({ImportStatus.DONE}, ImportStatus.UNDONE),
        ImportMove.DISCARD: Move({ImportStatus.PREVIEW, ImportStatus.FAILED}, ImportStatus.UNDONE),
        ImportMove.EXPIRE: Move({ImportStatus.PREVIEW, ImportStatus.FAILED}, ImportStatus.EXPIRED),
    }
)
#: A file in one of these states counts as brought in: the same file is refused in the study.
LIVE_IMPORTS = (
    ImportStatus.PREVIEW,
    ImportStatus.RUNNING,
    ImportStatus.DONE,
    ImportStatus.FAILED,
)


class Import(Dated):
    """One workbook of field notes: preview, then imported, perhaps undone."""

    study = models.ForeignKey(
        "needs.Study", verbose_name=_("调研"), on_delete=models.CASCADE, related_name="imports"
    )
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("文件校验值"), max_length=64)
    stored = models.CharField(_("暂存文件"), max_length=120, blank=True, editable=False)
    error_sheet = models.CharField(_("问题表"), max_length=120, blank=True, editable=False)
    mapping = models.JSONField(_("列对应"), default=dict)
    informant = models.CharField(
        _("未写受访对象时记为"), max_length=16, choices=Informant, default=Informant.OTHER
    )
    method = models.CharField(
        _("未写方式时记为"), max_length=6, choices=Method, default=Method.INTV
    )
    preview = models.JSONField(_("预览"), default=dict)
    found = models.PositiveIntegerField(_("可导入行数"), default=0)
    rejected = models.PositiveIntegerField(_("问题行数"), default=0)
    errors = models.JSONField(_("问题行"), default=list)
    warnings = models.JSONField(_("提示"), default=list)
    status = models.CharField(
        _("状态"), max_length=8, choices=ImportStatus, default=ImportStatus.PREVIEW
    )
    problem = models.TextField(_("失败原因"), blank=True)
    started_at = models.DateTimeField(_("开始时间"), null=True, editable=False)
    finished_at = models.DateTimeField(_("完成时间"), null=True, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("导入人"), on_delete=models.PROTECT
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("导入批次")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ImportStatus.values), name="import_status"
            ),
            models.UniqueConstraint(
                fields=["study", "sha256"],
                condition=Q(status__in=LIVE_IMPORTS),
                name="file_once_in_a_study",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("needs:import", args=[self.pk])


class ColumnMemory(models.Model):
    """A heading that an organisation uses, and the field it stands for ("" for none)."""

    organization = models.ForeignKey("organizations.Organization", on_delete=models.CASCADE)
    heading = models.CharField(_("表头"), max_length=80)
    field = models.CharField(_("字段"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("表头记忆")
        constraints = [
            models.UniqueConstraint(fields=["organization", "heading"], name="heading_once"),
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"
