"""What the audit administrator looks for in the logs."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanshe.core.forms import DayField
from sanshe.core.models import AppendOnly
from sanshe.desk.selectors.logs import Search, subjects_of, verbs_of


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SearchForm(forms.Form):
    who = forms.CharField(label=gettext_lazy("操作人"), required=False, max_length=60)
    subject = forms.ChoiceField(label=gettext_lazy("对象类型"), required=False)
    verb = forms.ChoiceField(label=gettext_lazy("动作"), required=False)
    since = DayField(label=gettext_lazy("自"), required=False, widget=DateInput())
    until = DayField(label=gettext_lazy("至"), required=False, widget=DateInput())

    def __init__(self, *args: Any, log: type[AppendOnly], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subject, verb = self.fields["subject"], self.fields["verb"]
        assert isinstance(subject, forms.ChoiceField)
        assert isinstance(verb, forms.ChoiceField)
        subject.choices = [("", _("全部")), *subjects_of(log)]
        verb.choices = [("", _("全部")), *verbs_of(log)]

    def search(self) -> Search:
        """What was asked; parts that cannot be read narrow nothing."""
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        return Search(
            who=given.get("who", ""),
            subject=given.get("subject", ""),
            verb=given.get("verb", ""),
            since=given.get("since"),
            until=given.get("until"),
        )
