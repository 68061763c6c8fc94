"""Administrative divisions down to the community."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanshe.core.models import Dated


class Level(models.TextChoices):
    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    COUNTY = "county", _("县（市、区）")
    TOWN = "town", _("镇（街道）")
    COMMUNITY = "community", _("社区（村）")


#: How many leading digits of the code name the place itself.
DIGITS = {
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.COUNTY: 6,
    Level.TOWN: 9,
    Level.COMMUNITY: 12,
}


class Division(Dated):
    """A place with a statistical code (统计用区划代码), always stored with all 12 digits."""

    code = models.CharField(_("区划代码"), max_length=12, primary_key=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("上级"), on_delete=models.PROTECT, null=True, related_name="children"
    )
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=60)
    residents = models.PositiveIntegerField(_("常住人口"), null=True, blank=True)
    residents_source = models.CharField(_("人口数据来源"), max_length=120, blank=True)
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("行政区划")
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{12}$"), name="division_code_has_12_digits"
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="division_level"),
        ]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("places:detail", args=[self.code])

    @property
    def prefix(self) -> str:
        """The digits that every place inside this one begins with."""
        return self.code[: DIGITS[Level(self.level)]]
