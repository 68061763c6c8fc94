"""What people type about offers and matches, turned into typed values."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from sanshe.core.forms import DayField
from sanshe.matching.models import Aim, Gap, Match, Offer, OfferKind
from sanshe.matching.services.offers import OfferFacts
from sanshe.needs.models import Band
from sanshe.organizations.models import Organization
from sanshe.places.models import Division, Level
from sanshe.taxonomy.choices import SpokenLanguage, TargetGroup
from sanshe.taxonomy.models import Field, NeedType

Choices = list[tuple[str, list[tuple[str, str]]]]


class OfferForm(forms.Form):
    """An offer as its provider describes it."""

    organization = forms.ModelChoiceField(label=_("提供方"), queryset=Organization.objects.none())
    title = forms.CharField(
        label=_("名称"), max_length=80, help_text=_("居民一看就懂的名称，例如“长者食堂午餐”。")
    )
    kind = forms.ChoiceField(label=_("类型"), choices=OfferKind)
    capacity = forms.IntegerField(
        label=_("可承接数量"), min_value=0, max_value=1_000_000,
        help_text=_("一个需求占用一个名额。"),
    )  # fmt: skip
    need_types = forms.MultipleChoiceField(
        label=_("回应的需求类型"), widget=forms.CheckboxSelectMultiple
    )
    catchment = forms.MultipleChoiceField(
        label=_("服务范围"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("不勾选表示不限范围。"),
    )  # fmt: skip
    target_groups = forms.MultipleChoiceField(
        label=_("服务对象"), choices=TargetGroup, widget=forms.CheckboxSelectMultiple,
        required=False, help_text=_("不勾选表示不限对象。"),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("服务语言"), choices=SpokenLanguage, widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    unit_cost = forms.DecimalField(
        label=_("单位成本（元）"), min_value=Decimal(0), max_digits=12, decimal_places=2,
        required=False, help_text=_("免费填 0。"),
    )  # fmt: skip
    valid_from = DayField(
        label=_("有效期自"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    valid_to = DayField(
        label=_("有效期至"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    minors_cleared = forms.BooleanField(
        label=_("人员已通过涉未成年人从业查询"), required=False,
        help_text=_("没有通过查询的，不会匹配儿童青少年的需求。"),
    )  # fmt: skip
    active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    #: Fields drawn as folded groups of tick boxes, not one after the other.
    GROUPED = ("need_types", "catchment")

    def __init__(
        self, *args: Any, organizations: Iterable[Organization], offer: Offer | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        if offer is not None:
            kwargs["initial"] = _initial(offer)
        super().__init__(*args, **kwargs)
        organization = self.fields["organization"]
        assert isinstance(organization, forms.ModelChoiceField)
        organization.queryset = organizations  # type: ignore[assignment]
        if offer is not None:
            organization.disabled = True
        self._choose("need_types", need_type_choices())
        self._choose("catchment", catchment_choices())

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices

    def groups(self) -> dict[str, list[dict[str, Any]]]:
        """For each grouped field: its groups, their boxes, and how many are ticked."""
        drawn: dict[str, list[dict[str, Any]]] = {}
        for name in self.GROUPED:
            ticked = {str(value) for value in self[name].value() or []}
            drawn[name] = [
                {
                    "label": label,
                    "boxes": [(value, words, value in ticked) for value, words in boxes],
                    "ticked": sum(value in ticked for value, _words in boxes),
                }
                for label, boxes in self.fields[name].choices  # type: ignore[attr-defined]
            ]
        return drawn

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("valid_from"), data.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("有效期的结束日期早于开始日期。"))
        return data

    def facts(self) -> OfferFacts:
        """The offer as typed values; call after the form was found valid."""
        data = self.cleaned_data
        cost = data["unit_cost"]
        return OfferFacts(
            kind=data["kind"],
            title=data["title"],
            need_types=tuple(data["need_types"]),
            capacity=data["capacity"],
            catchment=tuple(data["catchment"]),
            target_groups=tuple(data["target_groups"]),
            languages=tuple(data["languages"]),
            unit_cost_fen=int(cost * 100) if cost else 0,
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
            minors_cleared=data["minors_cleared"],
            active=data["active"],
        )


def _initial(offer: Offer) -> dict[str, Any]:
    names = ("title", "kind", "capacity", "catchment", "target_groups", "languages",
             "valid_from", "valid_to", "minors_cleared", "active")  # fmt: skip
    return {
        **{name: getattr(offer, name) for name in names},
        "organization": offer.organization_id,
        "need_types": [need_type.pk for need_type in offer.need_types.all()],
        "unit_cost": Decimal(offer.unit_cost_fen) / 100,
    }


def need_type_choices() -> Choices:
    """The leaves under their fields. One query."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for leaf in NeedType.objects.filter(retired_on__isnull=True).select_related("field"):
        groups.setdefault(str(leaf.field), []).append((leaf.code, str(leaf)))
    return list(groups.items())


def catchment_choices() -> Choices:
    """Whole counties first, then each town with its communities, as code prefixes. One query."""
    around: list[tuple[str, str]] = []
    towns: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    levels = (Level.COUNTY, Level.TOWN, Level.COMMUNITY)
    for place in Division.objects.filter(level__in=levels, valid_to__isnull=True).order_by("code"):
        if place.level == Level.COUNTY:
            around.append((place.prefix, place.name))
        elif place.level == Level.TOWN:
            names[place.prefix] = place.name
            towns[place.prefix] = [(place.prefix, str(_("%s（全部）")) % place.name)]
        elif place.code[:9] in towns:
            towns[place.code[:9]].append((place.code, place.short_name))
    groups: Choices = [(str(_("全市")), around)] if around else []
    return groups + [(names[prefix], boxes) for prefix, boxes in towns.items()]


class RunForm(forms.Form):
    """What a run is to maximise."""

    aim = forms.ChoiceField(
        label=_("目标"), choices=Aim, initial=Aim.BANDS, widget=forms.RadioSelect
    )


class RunFilter(forms.Form):
    """Narrowing what a run found; `rows` are its matches or its gaps, not narrowed yet.

    What is asked for and does not exist narrows nothing.
    """

    COLUMNS = {
        "band": "need__band", "leaf": "need__need_type", "offer": "offer",
        "field": "need__need_type__field", "place": "need__community",
    }  # fmt: skip

    band = forms.ChoiceField(
        label=_("等级"), required=False, choices=[("", _("全部")), *Band.choices]
    )
    field = forms.ModelChoiceField(
        Field.objects.all(), label=_("服务领域"), required=False, empty_label=_("全部")
    )
    leaf = forms.ModelChoiceField(
        NeedType.objects.none(), label=_("需求类型"), required=False, empty_label=_("全部")
    )
    place = forms.ModelChoiceField(
        Division.objects.none(), label=_("社区（村）"), required=False, empty_label=_("全部")
    )
    offer = forms.ModelChoiceField(
        Offer.objects.none(), label=_("服务资源"), required=False, empty_label=_("全部")
    )

    def __init__(self, data: QueryDict, *, rows: "QuerySet[Match] | QuerySet[Gap]") -> None:
        super().__init__(data)
        self.rows = rows.order_by()
        of_gaps = self.rows.model is Gap
        del self.fields["offer" if of_gaps else "field"]
        if not of_gaps:
            del self.fields["place"]
        for name, model in (("leaf", NeedType), ("offer", Offer), ("place", Division)):
            if isinstance(choice := self.fields.get(name), forms.ModelChoiceField):
                used = self.rows.values(self.COLUMNS[name])
                choice.queryset = model._default_manager.filter(pk__in=used)
        self.full_clean()
        self.wanted = {name: value for name, value in self.cleaned_data.items() if value}

    def conditions(self) -> dict[str, Any]:
        """What the rows asked for have in common."""
        return {self.COLUMNS[name]: value for name, value in self.wanted.items()}


class OfferImportForm(forms.Form):
    """A workbook of offers and whose they are."""

    organization = forms.ModelChoiceField(label=_("提供方"), queryset=Organization.objects.none())
    file = forms.FileField(
        label=_("服务资源表"),
        help_text=_("Excel、ODS、CSV 或 Word 表格；至少要有“服务名称”和“对应需求”两列。"),
    )

    def __init__(self, *args: Any, organizations: Iterable[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organization"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = organizations  # type: ignore[assignment]
