"""Forms about studies."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanshe.core.forms import DayField
from sanshe.needs.models import Informant, Study, StudyStatus
from sanshe.needs.services.studies import StudyFacts
from sanshe.organizations.models import Organization
from sanshe.places.models import Division


class DayInput(forms.DateInput):
    """The phone's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class CommunityField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Communities under the names of their towns."""

    def label_from_instance(self, obj: Division) -> str:
        return f"{obj.parent.short_name if obj.parent else ''} · {obj.short_name}"


class StudyForm(forms.Form):
    """What people fill in about a study, quotas included."""

    title = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=80,
        help_text=gettext_lazy("例如：花园城社区 2026 年居民需求调研"),
    )
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=gettext_lazy("承担机构")
    )
    community = CommunityField(
        Division.objects.none(),
        label=gettext_lazy("社区（村）"),
        empty_label=gettext_lazy("请选择"),
    )
    starts_on = DayField(label=gettext_lazy("开始日期"), widget=DayInput())
    ends_on = DayField(label=gettext_lazy("结束日期"), widget=DayInput(), required=False)
    purpose = forms.CharField(
        label=gettext_lazy("目的"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("想弄清楚什么，结果给谁用。"),
    )

    def __init__(
        self,
        *args: Any,
        organizations: QuerySet[Organization],
        communities: QuerySet[Division],
        study: Study | None = None,
        quotas: dict[str, int] | None = None,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        known: dict[str, Any] = {"starts_on": timezone.localdate()}
        if study is not None:
            known = {
                name: getattr(study, name)
                for name in ("title", "organization", "community", "starts_on", "ends_on",
                             "purpose")
            }  # fmt: skip
        kwargs["initial"] = {**known, **(initial or {})}
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations  # type: ignore[attr-defined]
        self.fields["community"].queryset = communities  # type: ignore[attr-defined]
        if len(organizations) == 1:
            # Nothing asks for what the system already knows.
            self.fields["organization"].initial = organizations[0]
            self.fields["organization"].widget = forms.HiddenInput()
        for informant in Informant:
            self.fields[f"quota_{informant.value}"] = forms.IntegerField(
                label=informant.label,
                required=False,
                min_value=0,
                max_value=10_000,
                initial=(quotas or {}).get(informant.value),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    @property
    def quota_fields(self) -> list[forms.BoundField]:
        return [self[f"quota_{informant.value}"] for informant in Informant]

    @property
    def fact_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self.visible_fields() if not bound.name.startswith("quota_")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("结束日期早于开始日期，请检查。"))
        return cleaned

    def facts(self) -> StudyFacts:
        """The typed facts; call after `is_valid`."""
        cleaned = self.cleaned_data
        return StudyFacts(
            title=cleaned["title"],
            community=cleaned["community"],
            organization=cleaned["organization"],
            starts_on=cleaned["starts_on"],
            ends_on=cleaned["ends_on"],
            purpose=cleaned["purpose"],
            quotas={
                informant.value: cleaned.get(f"quota_{informant.value}") or 0
                for informant in Informant
            },
        )


class StudyFilter(forms.Form):
    """Narrowing the list of studies."""

    q = forms.CharField(
        label=gettext_lazy("名称、社区或机构"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[("", gettext_lazy("全部状态")), *StudyStatus.choices],
    )


class StatementFilter(forms.Form):
    """Narrowing the list of statements of a study."""

    q = forms.CharField(
        label=gettext_lazy("原话中的词"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    informant = forms.ChoiceField(
        label=gettext_lazy("受访对象"),
        required=False,
        choices=[("", gettext_lazy("全部受访对象")), *Informant.choices],
    )


class MoveForm(forms.Form):
    """The reason of a move."""

    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
