"""Fields of service and the types of need inside them."""

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """A code with a Chinese and an English name."""

    code = models.CharField(_("代码"), max_length=5, primary_key=True)
    name_zh = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80)
    retired_on = models.DateField(_("停用日期"), null=True, blank=True)
    edited = models.BooleanField(
        _("本地修改过"), default=False, editable=False,
        help_text=_("本地修改过的名称和关键词，重新装载时保留"),
    )  # fmt: skip

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class Field(Named):
    """A field of service (服务领域), such as older people."""

    class Meta(Named.Meta):
        verbose_name = _("服务领域")


class NeedType(Named):
    """A leaf of the tree (需求类型): what kind of thing is needed."""

    field = models.ForeignKey(Field, verbose_name=_("服务领域"), on_delete=models.PROTECT)
    keywords = models.JSONField(_("关键词"), default=list, blank=True)
    safety = models.BooleanField(_("涉及人身安全"), default=False)

    class Meta(Named.Meta):
        verbose_name = _("需求类型")

    def get_absolute_url(self) -> str:
        return reverse("taxonomy:detail", args=[self.code])
