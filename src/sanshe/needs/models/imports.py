"""Workbooks brought in, and the column headings an office has taught us."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sanshe.core.models import Dated


class ImportStatus(models.TextChoices):
    PREVIEW = "preview", _("待确认")
    DONE = "done", _("已导入")
    UNDONE = "undone", _("已撤销")


class Import(Dated):
    """One workbook of field notes: preview, then imported, perhaps undone."""

    study = models.ForeignKey("needs.Study", on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("文件校验值"), max_length=64)
    stored = models.CharField(_("暂存文件"), max_length=80, blank=True, editable=False)
    mapping = models.JSONField(_("列对应"), default=dict)
    found = models.PositiveIntegerField(_("可导入行数"), default=0)
    errors = models.JSONField(_("问题行"), default=list)
    warnings = models.JSONField(_("提示"), default=list)
    status = models.CharField(
        _("状态"), max_length=8, choices=ImportStatus, default=ImportStatus.PREVIEW
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("导入人"), on_delete=models.PROTECT
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("导入批次")

    def __str__(self) -> str:
        return self.file_name


class ColumnMemory(models.Model):
    """A heading that an organisation uses, and the field it stands for."""

    organization = models.ForeignKey("organizations.Organization", on_delete=models.CASCADE)
    heading = models.CharField(_("表头"), max_length=80)
    field = models.CharField(_("字段"), max_length=20)

    class Meta:
        verbose_name = _("表头记忆")
        constraints = [
            models.UniqueConstraint(fields=["organization", "heading"], name="heading_once"),
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"
