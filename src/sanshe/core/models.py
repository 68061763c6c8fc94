"""Tables that every app shares. Both logs are appended to and never edited."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Dated(models.Model):
    """Anything that remembers when it came and when it last changed."""

    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True, editable=False)

    class Meta:
        abstract = True


class AppendOnly(models.Model):
    """A row that is written once. The database refuses changes too (see the migrations)."""

    at = models.DateTimeField(_("时间"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    subject = models.CharField(_("对象类型"), max_length=60)
    subject_pk = models.CharField(_("对象编号"), max_length=40)
    verb = models.CharField(_("动作"), max_length=40)
    note = models.TextField(_("说明"), blank=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("history is appended, never edited")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("history is appended, never deleted")


class HistoryLine(AppendOnly):
    """One change: who did what to which thing, and what it looked like before and after."""

    changes = models.JSONField(_("变更"), default=dict)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["subject", "subject_pk"])]
        verbose_name = _("变更记录")

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}#{self.subject_pk}"


class AccessLine(AppendOnly):
    """One reading or export of something sensitive, with the address it was read from."""

    address = models.GenericIPAddressField(_("来源地址"), null=True)
    rows = models.PositiveIntegerField(_("涉及条数"), default=1)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["subject", "subject_pk"])]
        verbose_name = _("访问记录")

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}#{self.subject_pk}"
