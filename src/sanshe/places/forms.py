"""What is typed about places."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sanshe.places.models import Division

#: More people than any county has; a larger number is a slip of the keys.
MOST = 5_000_000


class PlaceFilter(forms.Form):
    """Narrowing the list of communities."""

    q = forms.CharField(label=_("名称或代码"), max_length=40, required=False)
    town = forms.ChoiceField(label=_("镇（街道）"), required=False)
    missing = forms.BooleanField(label=_("只看缺人口数的"), required=False)

    def __init__(self, data: object, *, towns: list[Division]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        field = self.fields["town"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部")), *((town.code, town.name) for town in towns)]


class ResidentsForm(forms.ModelForm[Division]):
    """The number of residents and who says so."""

    residents = forms.IntegerField(
        label=_("常住人口"), required=False, min_value=0, max_value=MOST,
        help_text=_("单位：人；不清楚就留空，不要估填"),
    )  # fmt: skip
    residents_source = forms.CharField(
        label=_("人口数据来源"), required=False, max_length=120,
        help_text=_("例如：2026年3月网格统计"),
    )  # fmt: skip

    class Meta:
        model = Division
        fields = ("residents", "residents_source")
