"""Forms about needs: filters, facts, moves, splitting, merging, weights."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanshe.core.forms import RowsField
from sanshe.engine.rank import Defaults, Weights
from sanshe.needs.models import Band, Informant, Need, NeedMove, NeedStatus, Statement
from sanshe.needs.selectors.inbox import picker
from sanshe.needs.selectors.needs import COMPONENTS, KINDS
from sanshe.needs.services.describing import NeedFacts
from sanshe.taxonomy.choices import SpokenLanguage, TargetGroup
from sanshe.taxonomy.defaults import defaults_of
from sanshe.taxonomy.models import Field, NeedType

_ALL = ("", gettext_lazy("全部"))
_SCALE = [("", gettext_lazy("未评")), *((number, str(number)) for number in range(1, 6))]


class BoardFilter(forms.Form):
    """Narrowing the board of needs."""

    q = forms.CharField(
        label=gettext_lazy("标题中的词"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    field = forms.ModelChoiceField(
        Field.objects.all(),
        label=gettext_lazy("服务领域"),
        required=False,
        empty_label=gettext_lazy("全部"),
    )
    band = forms.ChoiceField(
        label=gettext_lazy("等级"),
        required=False,
        choices=[_ALL, *((code, label) for code, label in Band.choices if code != Band.P0)],
    )
    status = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[_ALL, *NeedStatus.choices]
    )
    informant = forms.ChoiceField(
        label=gettext_lazy("受访对象"), required=False, choices=[_ALL, *Informant.choices]
    )

    def narrow(self, needs: QuerySet[Need]) -> QuerySet[Need]:
        """The needs that are asked for; merged ones only where they are."""
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("status"):
            needs = needs.filter(status=wanted["status"])
        else:
            needs = needs.exclude(status=NeedStatus.MERGED)
        if wanted.get("field"):
            needs = needs.filter(need_type__field=wanted["field"])
        if wanted.get("band"):
            needs = needs.filter(band=wanted["band"])
        if wanted.get("q"):
            needs = needs.filter(title__icontains=wanted["q"])
        if wanted.get("informant"):
            spoke = Statement.objects.filter(
                interview__informant=wanted["informant"], need__isnull=False
            )
            needs = needs.filter(pk__in=spoke.values("need")) | needs.filter(
                pk__in=spoke.filter(need__merged_into__isnull=False).values("need__merged_into")
            )
        return needs


class NeedForm(forms.Form):
    """What people know of a need; empty means that nobody has said."""

    need_type = forms.ModelChoiceField(NeedType.objects.none(), label=gettext_lazy("需求类型"))
    severity = forms.TypedChoiceField(
        label=gettext_lazy("严重程度"), choices=_SCALE, coerce=int, empty_value=None,
        required=False, help_text=gettext_lazy("1 轻微，5 非常严重。"),
    )  # fmt: skip
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("紧迫程度"), choices=_SCALE, coerce=int, empty_value=None,
        required=False, help_text=gettext_lazy("1 可以等，5 刻不容缓。"),
    )  # fmt: skip
    feasibility = forms.TypedChoiceField(
        label=gettext_lazy("可行性"), choices=_SCALE, coerce=int, empty_value=None,
        required=False, help_text=gettext_lazy("1 很难办到，5 马上能办。"),
    )  # fmt: skip
    people_affected = forms.IntegerField(
        label=gettext_lazy("涉及人数"), required=False, min_value=0, max_value=10_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("不填时按提到的人次估算影响范围。"),
    )  # fmt: skip
    people_basis = forms.CharField(
        label=gettext_lazy("人数依据"), required=False, max_length=120,
        help_text=gettext_lazy("例如：网格台账、访谈估计。"),
    )  # fmt: skip
    bradshaw = forms.MultipleChoiceField(
        label=gettext_lazy("需求性质（有证据的勾选）"), required=False,
        choices=list(KINDS.items()), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不勾选时，由谁说的、怎么听到的推定。"),
    )  # fmt: skip
    target_group = forms.ChoiceField(
        label=gettext_lazy("服务对象"), required=False,
        choices=[("", gettext_lazy("不限")), *TargetGroup.choices],
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("语言要求"), required=False, choices=SpokenLanguage.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不勾选表示没有要求。"),
    )  # fmt: skip
    description = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    NAMES = ("need_type", "severity", "urgency", "feasibility", "people_affected", "people_basis",
             "bradshaw", "target_group", "languages", "description")  # fmt: skip

    def __init__(self, data: Any = None, *, need: Need) -> None:
        super().__init__(data, initial={name: getattr(need, name) for name in self.NAMES})
        assumed = defaults_of(need.need_type_id) or Defaults()
        for name in ("severity", "urgency", "feasibility"):
            unrated = _("不评按这类需求的默认值 %(value)s 计算。")
            self.fields[name].help_text += unrated % {"value": getattr(assumed, name)}
        choice = self.fields["need_type"]
        choice.queryset = NeedType.objects.all()  # type: ignore[attr-defined]
        choice.choices = [  # type: ignore[attr-defined]
            (str(field), [(found.pk, f"{found.pk} {found}") for found in found_types])
            for field, found_types in picker()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("people_affected") is not None and not cleaned.get("people_basis"):
            self.add_error("people_basis", _("请写明人数从哪里来。"))
        return cleaned

    def facts(self) -> NeedFacts:
        """The typed facts; call after `is_valid`."""
        return NeedFacts(**{name: self.cleaned_data[name] for name in self.NAMES})


class TitleForm(forms.Form):
    """A title of people's own."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=80)


class MoveForm(forms.Form):
    """The words of a move: what was done, to whom, why, or what residents are told."""

    note = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    LABELS = {
        NeedMove.REFER: gettext_lazy("转介给谁、因为什么"),
        NeedMove.ANSWER: gettext_lazy("做了什么回应"),
        NeedMove.DEFER: gettext_lazy("暂缓的理由"),
        NeedMove.TELL: gettext_lazy("反馈给居民的话（匿名的诉求会公开答复）"),
    }

    def __init__(self, data: Any = None, *, verb: str) -> None:
        super().__init__(data, auto_id=f"id_{verb}_%s")
        asked = self.LABELS.get(NeedMove(verb))
        self.fields["note"].required = asked is not None
        if asked is not None:
            self.fields["note"].label = asked


class VoicesForm(forms.Form):
    """Some voices of a need, and where they belong: a new need or another one."""

    statements = RowsField(
        Statement.objects.none(),
        label=gettext_lazy("原话"),
        error_messages={"required": gettext_lazy("请先勾选原话。")},
    )
    target = forms.ModelChoiceField(
        Need.objects.none(),
        label=gettext_lazy("归到"),
        required=False,
        empty_label=gettext_lazy("新的需求"),
    )
    title = forms.CharField(
        label=gettext_lazy("新需求的标题"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("不填则从原话中拟一个。"),
    )

    def __init__(
        self, data: Any = None, *, voices: QuerySet[Statement], needs: QuerySet[Need]
    ) -> None:
        super().__init__(data)
        self.fields["statements"].queryset = voices  # type: ignore[attr-defined]
        self.fields["target"].queryset = needs  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """Needs that are the same, and the one that stays."""

    need = RowsField(
        Need.objects.none(),
        label=gettext_lazy("需求"),
        error_messages={"required": gettext_lazy("请先勾选要合并的需求。")},
    )
    main = forms.ModelChoiceField(
        Need.objects.none(),
        label=gettext_lazy("保留为主需求"),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, needs: QuerySet[Need]) -> None:
        super().__init__(data)
        self.fields["need"].queryset = needs  # type: ignore[attr-defined]
        self.fields["main"].queryset = needs  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    note = forms.CharField(
        label=gettext_lazy("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class WeightsForm(forms.Form):
    """Five weights in percent that sum to 100."""

    def __init__(self, data: Any = None, *, weights: Any) -> None:
        super().__init__(data)
        for name, label in COMPONENTS.items():
            self.fields[name] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=100,
                initial=round(getattr(weights, name) * 100),
                widget=forms.NumberInput(
                    attrs={"inputmode": "numeric", "step": 1, "data-weight": ""}
                ),
            )
        self.fields["note"] = forms.CharField(
            label=gettext_lazy("为什么这样定"), max_length=200, required=False
        )

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in COMPONENTS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if all(name in cleaned for name in COMPONENTS):
            total = sum(cleaned[name] for name in COMPONENTS)
            if total != 100:
                raise forms.ValidationError(
                    _("五项权重合计要等于 100%%，现在是 %(total)s%%。") % {"total": total}
                )
        return cleaned

    def weights(self) -> Weights:
        """The typed weights; call after `is_valid`."""
        return Weights(**{name: self.cleaned_data[name] / 100 for name in COMPONENTS})
