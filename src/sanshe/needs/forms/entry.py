"""Forms of the quick entry on a phone."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanshe.core.forms import DayField
from sanshe.needs.forms.studies import DayInput
from sanshe.needs.models import Informant, Interview, Method
from sanshe.needs.services.interviews import InterviewFacts
from sanshe.needs.services.masking import LONGEST_TEXT

#: Without script a person writes this many statements before sending.
BOXES = 5
_TOKEN = r"^[A-Za-z0-9-]{8,36}$"


class InterviewForm(forms.Form):
    """Who is heard, how and when."""

    informant = forms.ChoiceField(
        label=gettext_lazy("受访对象"),
        choices=Informant.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择受访对象。")},
    )
    method = forms.ChoiceField(
        label=gettext_lazy("方式"), choices=Method.choices, initial=Method.VISIT
    )
    held_on = DayField(label=gettext_lazy("日期"), widget=DayInput())
    people = forms.IntegerField(
        label=gettext_lazy("受访人数"),
        min_value=1,
        max_value=10_000,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    note = forms.CharField(
        label=gettext_lazy("备注"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("地点、陪同等情况；不要写姓名和电话。"),
    )

    def __init__(
        self,
        *args: Any,
        interview: Interview | None = None,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        known: dict[str, Any] = {"held_on": timezone.localdate()}
        if interview is not None:
            names = ("informant", "method", "held_on", "people", "note")
            known = {name: getattr(interview, name) for name in names}
        kwargs["initial"] = {**known, **(initial or {})}
        super().__init__(*args, **kwargs)
        if interview is not None and interview.held_on is None:
            self.fields["held_on"].required = False

    def clean_held_on(self) -> object:
        day = self.cleaned_data["held_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("访谈日期在今天之后，请检查。"))
        return day

    def facts(self) -> InterviewFacts:
        """The typed facts; call after `is_valid`."""
        cleaned = self.cleaned_data
        return InterviewFacts(
            informant=cleaned["informant"],
            method=cleaned["method"],
            held_on=cleaned["held_on"],
            people=cleaned["people"],
            note=cleaned["note"],
        )


class EntryForm(InterviewForm):
    """An interview that begins, with the first statements where there is no script."""

    token = forms.RegexField(_TOKEN, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, BOXES + 1):
            self.fields[f"text{number}"] = forms.CharField(
                label=_("第 %(number)s 条") % {"number": number},
                required=False,
                max_length=LONGEST_TEXT,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    @property
    def text_fields(self) -> list[forms.BoundField]:
        return [self[f"text{number}"] for number in range(1, BOXES + 1)]

    def texts(self) -> list[str]:
        """The boxes that were filled, in order; call after `is_valid`."""
        found = (self.cleaned_data[f"text{number}"].strip() for number in range(1, BOXES + 1))
        return [text for text in found if text]


class StatementForm(forms.Form):
    """One thing that was said."""

    text = forms.CharField(
        label=gettext_lazy("居民的原话"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy("没有写内容，请写下居民的原话。"),
            "max_length": gettext_lazy("这一条太长了，请拆成几条，一条只说一件事。"),
        },
    )
    token = forms.RegexField(_TOKEN, required=False, widget=forms.HiddenInput)
    label = forms.RegexField(r"^[A-Z]{3}[0-9]{2}$", required=False, widget=forms.HiddenInput)
