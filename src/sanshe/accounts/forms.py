"""Forms of signing in and of looking after accounts, in our words."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanshe.accounts.models import User

_USERNAME = gettext_lazy("用户名")
_PASSWORD = gettext_lazy("密码")
_CODE = gettext_lazy("验证码")
_CODE_HELP = gettext_lazy("验证器上当前显示的 6 位数字，或一个未用过的恢复码。")


def _plain(form: forms.BaseForm, **labels: Any) -> None:
    """Labels of our own, and no placeholder that repeats them."""
    for name, label in labels.items():
        if name not in form.fields:
            continue
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)


class SignInForm(account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, login=_USERNAME, password=_PASSWORD)
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["password"].help_text = ""


class OwnPasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,
            oldpassword=_("当前密码"),
            password1=_("新密码"),
            password2=_("再次输入新密码"),
        )
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = _(
            "至少 10 位；大写字母、小写字母、数字、符号至少用三种；"
            "不能与用户名相近，不能是常见密码，也不能与最近 5 次用过的密码相同。"
        )


class AgainForm(account.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, password=_PASSWORD)
        self.fields["password"].help_text = ""


class SecondFactorForm(mfa.AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code=_CODE)
        self.fields["code"].help_text = _CODE_HELP


class SecondFactorAgainForm(mfa.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code=_CODE)
        self.fields["code"].help_text = _CODE_HELP


class ActivateForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code=_("验证器显示的 6 位数字"))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class SettingsForm(forms.ModelForm[User]):
    """What a person may choose about their own pages."""

    class Meta:
        model = User
        fields = ("language", "large_text")
        widgets = {"language": forms.RadioSelect}


class UserForm(forms.Form):
    """A new account: a sign-in name and the person's name."""

    username = forms.CharField(
        label=gettext_lazy("用户名"),
        min_length=2,
        max_length=60,
        validators=[
            UnicodeUsernameValidator(
                message=gettext_lazy("用户名只能含文字、数字和 @ . + - _ 这些符号，不能有空格。")
            )
        ],
        help_text=gettext_lazy("登录时输入，之后不能更改。"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("姓名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("已有账号使用这个用户名，请换一个。"))
        return username


class UserSearchForm(forms.Form):
    """Which accounts to list."""

    STATES = (
        ("", gettext_lazy("全部状态")),
        ("active", gettext_lazy("使用中")),
        ("disabled", gettext_lazy("已停用")),
    )
    q = forms.CharField(label=gettext_lazy("用户名或姓名"), max_length=60, required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), choices=STATES, required=False)
