"""Organisations, and the roles in which people act."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanshe.accounts.models import AdministratorRole
from sanshe.core.models import Dated


class Kind(models.TextChoices):
    AGENCY = "agency", _("社工机构")
    ASSOCIATION = "association", _("社会团体")
    COMMUNITY_ORG = "community_org", _("社区社会组织")
    FOUNDATION = "foundation", _("基金会")
    ENTERPRISE = "enterprise", _("企业")
    COMMITTEE = "committee", _("居（村）委会")
    DEPARTMENT = "department", _("政府部门")
    STATION = "station", _("社工站")


class Role(models.TextChoices):
    CITY = "city", _("市委社会工作部")
    CIVIL = "civil", _("市民政局")
    TOWN = "town", _("镇（街道）")
    COMM = "comm", _("社区（村）两委")
    STATION = "station", _("社工站")
    AGENCY = "agency", _("机构负责人")
    SUPV = "supv", _("督导")
    SW = "sw", _("一线社工")
    CORG = "corg", _("社区社会组织")
    VOL = "vol", _("志愿者")
    DONOR = "donor", _("捐赠方")
    RES = "res", _("居民")
    EVAL = "eval", _("第三方评估")
    SYS = "sys", _("系统管理员")
    SEC = "sec", _("安全管理员")
    AUD = "aud", _("审计管理员")


#: Roles that see by place: the membership's division (or its organisation's) bounds them.
PLACE_ROLES = frozenset({Role.CITY, Role.CIVIL, Role.TOWN, Role.COMM, Role.STATION, Role.RES})
#: Roles that see by organisation.
ORGANIZATION_ROLES = frozenset({Role.AGENCY, Role.SUPV, Role.SW, Role.CORG, Role.VOL, Role.DONOR,
                                Role.EVAL})  # fmt: skip
#: 三员分立: these three never see business content.
ADMIN_ROLES = frozenset(map(Role, AdministratorRole.values))


class Organization(Dated):
    """An agency, association, committee, department, enterprise or foundation."""

    kind = models.CharField(_("类型"), max_length=16, choices=Kind)
    name = models.CharField(_("名称"), max_length=80)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    division = models.ForeignKey(
        "places.Division", verbose_name=_("所在地"), on_delete=models.PROTECT
    )
    address = models.CharField(_("地址"), max_length=120, blank=True)
    contact = models.CharField(_("联系人"), max_length=40, blank=True)
    phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    introduction = models.TextField(_("简介"), blank=True)
    registered_on = models.DateField(_("登记日期"), null=True, blank=True)
    grade = models.PositiveSmallIntegerField(_("评估等级（A）"), null=True, blank=True)
    grade_until = models.DateField(_("等级有效期至"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例数据"), default=False, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("社会组织/机构")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="organization_kind"),
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code=""), name="credit_code_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:detail", args=[self.pk])


class Membership(Dated):
    """A person acts in a role, for an organisation or a place, from a day until a day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    role = models.CharField(_("角色"), max_length=10, choices=Role)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("所属组织"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    division = models.ForeignKey(
        "places.Division", verbose_name=_("辖区"), on_delete=models.PROTECT, null=True, blank=True
    )
    since = models.DateField(_("自"), null=True, blank=True)
    until = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        ordering = ["user_id", "role"]
        verbose_name = _("任职")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role"),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(PLACE_ROLES)) | Q(division__isnull=False),
                name="place_roles_have_a_place",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(ORGANIZATION_ROLES)) | Q(organization__isnull=False),
                name="organization_roles_have_one",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organization", "division"],
                nulls_distinct=False,
                name="membership_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
