"""What is typed about the tree of needs."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from sanshe.taxonomy.models import NeedType

_BETWEEN = re.compile(r"[\s、,，;；|]+")


class SearchForm(forms.Form):
    """Looking a need type up."""

    q = forms.CharField(label=_("名称、代码或关键词"), max_length=40, required=False)


class NeedTypeForm(forms.ModelForm[NeedType]):
    """Names and keywords of a leaf; `cleaned_data["words"]` is the list of keywords."""

    words = forms.CharField(
        label=_("关键词"), required=False, max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("用顿号、逗号或换行分开；居民怎么说就怎么写"),
    )  # fmt: skip

    class Meta:
        model = NeedType
        fields = ("name_zh", "name_en")

    def clean_words(self) -> list[str]:
        return [word for word in _BETWEEN.split(self.cleaned_data["words"]) if word]
