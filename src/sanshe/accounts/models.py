"""People who sign in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


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
