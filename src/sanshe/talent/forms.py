"""What is typed about social workers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanshe.accounts.models import User
from sanshe.core.forms import DayField
from sanshe.organizations.models import Organization
from sanshe.talent.models import Certificate, CertificateLevel, Worker
from sanshe.talent.services import WorkerEntry
from sanshe.taxonomy.choices import SpokenLanguage


class WorkerFilter(forms.Form):
    """Narrowing the list of social workers."""

    q = forms.CharField(label=gettext_lazy("姓名"), max_length=60, required=False)
    organization = forms.ModelChoiceField(
        label=gettext_lazy("用人单位"), queryset=Organization.objects.none(), required=False,
        empty_label=gettext_lazy("全部"),
    )  # fmt: skip
    status = forms.ChoiceField(
        label=gettext_lazy("证书"), required=False,
        choices=[
            ("", gettext_lazy("全部")),
            ("valid", gettext_lazy("持有效证书")),
            ("expiring", gettext_lazy("90 天内到期")),
            ("none", gettext_lazy("无有效证书")),
        ],
    )  # fmt: skip
    left = forms.BooleanField(label=gettext_lazy("包括已离职的"), required=False)

    def __init__(self, data: Any, *, organizations: Any) -> None:
        super().__init__(data)
        field = self.fields["organization"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = organizations


class WorkerForm(forms.ModelForm[Worker]):
    """A file; with `own` the person themself writes and changes the languages only."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("语言"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=SpokenLanguage.choices,
    )  # fmt: skip
    username = forms.CharField(
        label=gettext_lazy("用户名"), required=False, max_length=150,
        help_text=gettext_lazy("已有账号的填用户名，本人就能查看自己的档案"),
    )  # fmt: skip

    class Meta:
        model = Worker
        fields = ("name", "post", "languages", "minors_checked_until", "left_on")
        field_classes = {"minors_checked_until": DayField, "left_on": DayField}
        widgets = {
            "minors_checked_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "left_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.user:
            self.initial["username"] = self.instance.user.username
        if own:
            for name in ("name", "post", "minors_checked_until", "left_on", "username"):
                self.fields[name].disabled = True

    def clean_username(self) -> User | None:
        said = self.cleaned_data["username"].strip()
        if not said:
            return None
        user = User.objects.filter(username=said).first()
        if user is None:
            raise forms.ValidationError(_("没有这个用户名，请先由管理员建好账号"))
        return user

    def entry(self) -> WorkerEntry:
        """The cleaned values as the services take them."""
        said = self.cleaned_data
        return WorkerEntry(
            name=said["name"].strip(),
            post=said["post"],
            languages=said["languages"],
            minors_checked_until=said["minors_checked_until"],
            left_on=said["left_on"],
            user=said["username"],
        )


class CertificateForm(forms.ModelForm[Certificate]):
    """A registration certificate; the end may be left out."""

    level = forms.ChoiceField(label=gettext_lazy("级别"), choices=CertificateLevel.choices)
    valid_to = DayField(
        label=gettext_lazy("有效期至"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("不填就按三年计算"),
    )  # fmt: skip

    class Meta:
        model = Certificate
        fields = ("level", "number", "valid_from")
        field_classes = {"valid_from": DayField}
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    field_order = ("level", "number", "valid_from", "valid_to")

    def _post_clean(self) -> None:
        """The service checks the period: without `valid_to` the model cannot."""
