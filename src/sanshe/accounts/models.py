"""People who sign in, and what one administrator asks another to confirm."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sanshe.core.models import Dated


class Language(models.TextChoices):
    CHINESE = "zh-hans", "简体中文"
    ENGLISH = "en", "English"


class User(AbstractUser):
    """A person with an account. Names are written family name first, in one field."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=60)
    language = models.CharField(
        _("界面语言"), max_length=10, choices=Language, default=Language.CHINESE
    )
    large_text = models.BooleanField(_("大字模式"), default=False)
    must_change_password = models.BooleanField(_("首次登录须改密码"), default=False)
    # Stands in the newest session too: an administrator's older ones lack it and are ended.
    session_mark = models.CharField(max_length=32, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("账号")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name


class PastPassword(models.Model):
    """A password a person has or had, hashed as Django hashes it; the last few are kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("用过的密码")

    def __str__(self) -> str:
        return f"{self.user_id} {self.since:%Y-%m-%d}"


class AdministratorRole(models.TextChoices):
    """三员分立: the three who keep the system, its permissions and its logs."""

    SYS = "sys", _("系统管理员")
    SEC = "sec", _("安全管理员")
    AUD = "aud", _("审计管理员")


class ReviewAct(models.TextChoices):
    """What takes over or removes one of the three administrators."""

    RESET_PASSWORD = "reset_password", _("重置密码")
    RESET_MFA = "reset_mfa", _("重置第二因素")
    UNLOCK = "unlock", _("解除登录限制")
    DISABLE = "disable", _("停用账号")
    ENABLE = "enable", _("启用账号")
    GIVE_ROLE = "give_role", _("授予管理员角色")
    END_ROLE = "end_role", _("结束管理员角色")


class ReviewStatus(models.TextChoices):
    WAITING = "waiting", _("待复核")
    CONFIRMED = "confirmed", _("已同意")
    DONE = "done", _("已办理")
    REFUSED = "refused", _("未同意")
    WITHDRAWN = "withdrawn", _("已撤回")


#: Something may still come of a review in one of these states, until it expires.
UNFINISHED = (ReviewStatus.WAITING, ReviewStatus.CONFIRMED)


class DualReview(Dated):
    """双人复核: what one administrator asks to do to another, and a second one confirms.

    Confirmed, it is the asker's to carry out once, in so many days from when it was asked.
    """

    act = models.CharField(_("事项"), max_length=16, choices=ReviewAct)
    user = models.ForeignKey(
        User, verbose_name=_("涉及账号"), on_delete=models.CASCADE, related_name="dual_reviews"
    )
    role = models.CharField(_("角色"), max_length=10, choices=AdministratorRole, blank=True)
    until = models.DateField(_("至"), null=True)
    status = models.CharField(
        _("状态"), max_length=10, choices=ReviewStatus, default=ReviewStatus.WAITING, editable=False
    )
    asked_by = models.ForeignKey(
        User, verbose_name=_("申请人"), on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        User, verbose_name=_("复核人"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("复核时间"), null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("双人复核")
        constraints = [
            models.CheckConstraint(condition=models.Q(act__in=ReviewAct.values), name="review_act"),
            models.CheckConstraint(
                condition=models.Q(status__in=ReviewStatus.values), name="review_status"
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("asked_by"), status="confirmed"),
                name="nobody_confirms_their_own",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.user_id}"

    @property
    def expires_at(self) -> datetime:
        """When it is too late to confirm it or to carry it out."""
        return self.created_at + timedelta(days=settings.DUAL_REVIEW_DAYS)

    @property
    def is_open(self) -> bool:
        return self.status in UNFINISHED and timezone.now() < self.expires_at

    @property
    def is_expired(self) -> bool:
        return self.status in UNFINISHED and not self.is_open
