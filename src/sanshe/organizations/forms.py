"""What is typed about organisations and roles."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanshe.accounts.models import User
from sanshe.core.forms import DayField
from sanshe.organizations.credit import clean_credit_code, fault_of
from sanshe.organizations.models import Kind, Organization, Role
from sanshe.organizations.services import Entry
from sanshe.places.models import Division

PHONE = RegexValidator(
    r"^(1[3-9]\d{9}|(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?)$",
    gettext_lazy("请填手机号（11 位）或带区号的固定电话，例如 0595-88880000"),
)


class RegisterFilter(forms.Form):
    """Narrowing the register."""

    q = forms.CharField(label=gettext_lazy("名称或信用代码"), max_length=80, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), required=False)
    place = forms.ChoiceField(label=gettext_lazy("镇（街道）"), required=False)

    def __init__(self, data: Any, *, towns: list[Division], place: Division | None) -> None:
        super().__init__(data)
        self._choices("kind", list(Kind.choices))
        choices = [(town.prefix, town.name) for town in towns]
        if place is not None and place.prefix not in dict(choices):
            # Coming from the page of a community: its code is a choice too.
            choices.insert(0, (place.prefix, place.name))
        self._choices("place", choices)

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部")), *choices]


class DivisionField(forms.CharField):
    """A place by its 12-digit code or its name; the value is the Division."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if not said:
            return None
        # "350581001006 花园城社区居委会", as a form shows what it has.
        if said[:12].isdigit() and len(said) > 12:
            said = said[:12]
        found = list(
            Division.objects.filter(code=said)
            if said.isdigit()
            else Division.objects.filter(name=said) | Division.objects.filter(short_name=said)
        )
        if len(found) == 1:
            return found[0]
        if found:
            several = _("、").join(f"{place.name} {place.code}" for place in found[:5])
            raise forms.ValidationError(
                _("有几个地方都叫这个名字，请填区划代码：%(several)s") % {"several": several}
            )
        raise forms.ValidationError(_("没有这个地方。请填 12 位区划代码，或社区（村）、镇街的全称"))


class OrganizationForm(forms.ModelForm[Organization]):
    """An entry of the register. Fields that are not this person's to change are shown locked."""

    place = DivisionField(
        label=gettext_lazy("所在地"),
        help_text=gettext_lazy("社区（村）或镇街的名称，或 12 位区划代码"),
    )
    phone = forms.CharField(
        label=gettext_lazy("联系电话"), max_length=20, required=False, validators=[PHONE]
    )
    grade = forms.TypedChoiceField(
        label=gettext_lazy("评估等级"), required=False, coerce=int, empty_value=None,
        choices=[("", gettext_lazy("未评估")), *((n, f"{n}A") for n in range(1, 6))],
    )  # fmt: skip

    class Meta:
        model = Organization
        fields = (
            "kind", "name", "credit_code", "place", "address", "contact", "phone",
            "introduction", "registered_on", "grade", "grade_until",
        )  # fmt: skip
        field_classes = {"registered_on": DayField, "grade_until": DayField}
        widgets = {
            "registered_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "grade_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "introduction": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "credit_code": gettext_lazy("18 位；未登记的社区社会组织可不填"),
        }

    def __init__(self, *args: Any, kinds: list[Kind], locked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        own = self.instance.kind if self.instance.pk else ""
        kind.choices = [(k.value, k.label) for k in Kind if k in kinds or k.value == own]
        if self.instance.pk:
            division = self.instance.division
            self.initial["place"] = f"{division.code} {division.name}"
        if locked:
            for name in ("kind", "name", "credit_code", "place", "registered_on", "grade",
                         "grade_until"):  # fmt: skip
                self.fields[name].disabled = True

    def clean_credit_code(self) -> str:
        code = clean_credit_code(self.cleaned_data["credit_code"])
        if code and (fault := fault_of(code)):
            raise forms.ValidationError(fault)
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("grade_until") and not cleaned.get("grade"):
            self.add_error("grade", _("填了等级有效期，就要选等级"))
        registered = cleaned.get("registered_on")
        if registered and registered > timezone.localdate():
            self.add_error("registered_on", _("登记日期不能晚于今天"))
        return cleaned

    def entry(self) -> Entry:
        """The cleaned values as the services take them."""
        values = {k: v for k, v in self.cleaned_data.items() if k != "place"}
        return Entry(division_id=self.cleaned_data["place"].pk, **values)


class RoleForm(forms.Form):
    """Giving a role: `roles` are those the giver may give, `organization` fixes where."""

    username = forms.CharField(
        label=gettext_lazy("用户名"), max_length=150,
        help_text=gettext_lazy("账号由管理员先建好"),
    )  # fmt: skip
    role = forms.ChoiceField(label=gettext_lazy("角色"))
    organization_name = forms.CharField(
        label=gettext_lazy("所属组织"), max_length=80, required=False,
        help_text=gettext_lazy("机构、社会组织、捐赠方等角色必填：组织全称"),
    )  # fmt: skip
    division = DivisionField(
        label=gettext_lazy("辖区"), required=False,
        help_text=gettext_lazy("市、镇街、社区、社工站、居民等角色必填：名称或区划代码"),
    )  # fmt: skip
    until = DayField(
        label=gettext_lazy("至"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("不填就是长期"),
    )  # fmt: skip

    def __init__(
        self, data: Any, *, roles: list[Role], organization: Organization | None = None
    ) -> None:
        super().__init__(data)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(r.value, r.label) for r in roles]
        self.organization = organization
        if organization is not None:
            del self.fields["organization_name"], self.fields["division"]

    def clean_username(self) -> User:
        user = User.objects.filter(username=self.cleaned_data["username"], is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("没有这个用户名，或账号已停用。请先由管理员建好账号"))
        return user

    def clean_organization_name(self) -> Organization | None:
        name = self.cleaned_data["organization_name"].strip()
        if not name:
            return None
        found = list(Organization.objects.filter(name=name)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("没有叫这个名字的组织，请填全称") if not found else _("有两个同名组织，请先更名")
            )
        return found[0]


class MemberFilter(forms.Form):
    """Narrowing the list of roles."""

    q = forms.CharField(label=gettext_lazy("姓名、用户名或组织"), max_length=80, required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("角色"), required=False,
        choices=[("", gettext_lazy("全部")), *Role.choices],
    )  # fmt: skip
    ended = forms.BooleanField(label=gettext_lazy("包括已结束的"), required=False)
