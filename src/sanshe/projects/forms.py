"""What people type about proposals, turned into typed values."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanshe.core.forms import DayField, RowsField
from sanshe.needs.models import Need
from sanshe.projects.models import (
    BudgetLine,
    Objective,
    PlannedActivity,
    Proposal,
    ReviewRules,
    Risk,
    TeamMember,
)
from sanshe.projects.selectors.withheld import withheld_in
from sanshe.projects.services.drafting import Plan
from sanshe.talent.models import Worker


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PlanForm(forms.Form):
    """The name, the head and the period of a project."""

    title = forms.CharField(label=_("项目名称"), max_length=80)
    lead = forms.ModelChoiceField(
        label=_("项目负责人"), queryset=Worker.objects.none(), required=False
    )
    starts_on = DayField(label=_("开始日期"), required=False, widget=_date())
    ends_on = DayField(label=_("结束日期"), required=False, widget=_date())

    def __init__(self, *args: Any, organization_pk: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead = self.fields["lead"]
        assert isinstance(lead, forms.ModelChoiceField)
        lead.queryset = Worker.objects.filter(organization=organization_pk, left_on=None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end <= start:
            self.add_error("ends_on", _("结束日期要晚于开始日期。"))
        return data

    def plan(self) -> Plan:
        data = self.cleaned_data
        return Plan(data["title"], data["lead"], data["starts_on"], data["ends_on"])


class NeedsForm(forms.Form):
    """The needs that a drafted proposal is to answer."""

    needs = RowsField(
        label=_("纳入的需求"), queryset=Need.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一项需求；方案要回应需求。")},
    )  # fmt: skip

    def __init__(self, *args: Any, needs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["needs"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = needs


class CreateForm(NeedsForm, PlanForm):
    """The plan of a new proposal, and the needs that it is to answer."""

    field_order = ["title", "lead", "starts_on", "ends_on", "needs"]


class SectionForm(forms.Form):
    """The text of one section, and the moment of the version it was opened from."""

    text = forms.CharField(
        label=_("内容"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "class": "section-text"}),
        help_text=_("“## ”开头是小标题，“- ”开头是列表，[^编号] 是脚注，请保留脚注标记。"),
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ObjectiveForm(forms.ModelForm[Objective]):
    needs = RowsField(
        label=_("对应需求"), queryset=Need.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Objective
        fields = ["statement", "indicator", "unit", "baseline", "target", "source", "due_on",
                  "override"]  # fmt: skip
        field_classes = {"due_on": DayField}
        widgets = {"due_on": _date(), "statement": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["needs"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = proposal.needs.filter(safety=False)
        withheld = withheld_in(proposal.study_id)
        setattr(field, "label_from_instance", lambda need: withheld.words(need.title))  # noqa: B010
        if self.instance.pk:
            self.initial["needs"] = [link.need_id for link in self.instance.links.all()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("needs") and not (data.get("override") or "").strip():
            self.add_error("needs", _("每个目标至少对应一项需求；确实没有的，请填写理由。"))
        return data


class ActivityForm(forms.ModelForm[PlannedActivity]):
    class Meta:
        model = PlannedActivity
        fields = ["kind", "title", "objective", "sessions", "people", "month", "owner"]

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        objective = self.fields["objective"]
        assert isinstance(objective, forms.ModelChoiceField)
        objective.queryset = proposal.objectives.all()
        objective.label = _("对应目标")
        objective.empty_label = str(_("全部目标"))


class TeamForm(forms.ModelForm[TeamMember]):
    class Meta:
        model = TeamMember
        fields = ["part", "worker", "hours_week"]

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worker = self.fields["worker"]
        assert isinstance(worker, forms.ModelChoiceField)
        worker.queryset = Worker.objects.filter(organization=proposal.organization_id, left_on=None)
        worker.empty_label = str(_("待定"))


class BudgetForm(forms.ModelForm[BudgetLine]):
    unit_price = forms.DecimalField(
        label=_("单价（元）"), min_value=Decimal(0), max_digits=12, decimal_places=2
    )

    class Meta:
        model = BudgetLine
        fields = ["account", "item", "unit", "quantity", "basis", "funder"]

    field_order = ["account", "item", "unit_price", "unit", "quantity", "basis", "funder"]

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["unit_price"] = Decimal(self.instance.unit_price_fen) / 100

    def clean_quantity(self) -> Decimal:
        quantity: Decimal = self.cleaned_data["quantity"]
        if quantity < 0:
            raise forms.ValidationError(_("数量不能小于 0。"))
        return quantity

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        price = data.pop("unit_price", None)
        if price is not None:
            data["unit_price_fen"] = int((price * 100).quantize(Decimal(1), ROUND_HALF_UP))
        return data


class RiskForm(forms.ModelForm[Risk]):
    class Meta:
        model = Risk
        fields = ["risk", "response"]
        widgets = {"response": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


#: The form of a row, by the table's name in addresses.
ROW_FORMS: dict[str, Callable[..., forms.ModelForm[Any]]] = {
    "objectives": ObjectiveForm,
    "plan": ActivityForm,
    "team": TeamForm,
    "budget": BudgetForm,
    "risks": RiskForm,
}


class RulesForm(forms.ModelForm[ReviewRules]):
    """Which optional steps the review takes."""

    publicity_days = forms.IntegerField(label=_("公示天数"), min_value=0, max_value=365, initial=5)

    class Meta:
        model = ReviewRules
        fields = ["party_study", "residents_vote", "publicity", "publicity_days"]
