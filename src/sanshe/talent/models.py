"""Social workers and their certificates, as far as a project team needs them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanshe.core.models import Dated


class CertificateLevel(models.TextChoices):
    ASSISTANT = "assistant", _("助理社会工作师")
    SOCIAL_WORKER = "social_worker", _("社会工作师")
    SENIOR = "senior", _("高级社会工作师")


class Worker(Dated):
    """A social worker (社工) employed by an organisation."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="worker",
    )
    name = models.CharField(_("姓名"), max_length=60)
    organization = models.ForeignKey(
        "organizations.Organization",
        verbose_name=_("用人单位"),
        on_delete=models.PROTECT,
        related_name="workers",
    )
    post = models.CharField(_("岗位"), max_length=40, blank=True)
    languages = models.JSONField(_("语言"), default=list, blank=True)
    minors_checked_until = models.DateField(_("涉未成年人从业查询有效期至"), null=True, blank=True)
    left_on = models.DateField(_("离职日期"), null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("社工")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("talent:detail", args=[self.pk])


class Certificate(Dated):
    """A registration certificate (登记证书) for a level of the profession."""

    worker = models.ForeignKey(
        Worker, verbose_name=_("社工"), on_delete=models.CASCADE, related_name="certificates"
    )
    level = models.CharField(_("级别"), max_length=16, choices=CertificateLevel)
    number = models.CharField(_("管理号"), max_length=40)
    valid_from = models.DateField(_("有效期自"))
    valid_to = models.DateField(_("有效期至"))

    class Meta:
        ordering = ["-valid_to"]
        verbose_name = _("登记证书")
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=CertificateLevel.values), name="certificate_level"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=models.F("valid_from")), name="certificate_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.number}"
