"""Forms about workbooks."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanshe.needs.models import Import, Informant, Method
from sanshe.needs.services.workbooks import FIELDS, UNUSED, Choices

FIELD_LABELS = {
    "text": gettext_lazy("反映内容"),
    "informant": gettext_lazy("受访对象"),
    "date": gettext_lazy("日期"),
    "method": gettext_lazy("方式"),
    "community_code": gettext_lazy("社区（村）"),
    "id": gettext_lazy("编号"),
}
KINDS = ".xlsx,.xls,.ods,.csv,.docx"


class UploadForm(forms.Form):
    """One workbook."""

    file = forms.FileField(
        label=gettext_lazy("访谈记录表"),
        max_length=200,
        help_text=gettext_lazy(
            "可用 .xlsx、.xls、.ods、.csv 或 .docx 表格；"
            "标题行、合并单元格、多张工作表都可以，不用先整理。"
        ),
        widget=forms.FileInput(attrs={"accept": KINDS}),
        error_messages={"empty": gettext_lazy("文件是空的，请换一个有内容的文件。")},
    )

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if not file.name:
            raise forms.ValidationError(_("文件没有名称，请重新选择。"))
        return file


class ColumnsForm(forms.Form):
    """Which heading stands for which field, and what fills empty cells."""

    def __init__(self, *args: Any, import_: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = import_.preview.get("columns", [])
        headings = [column["heading"] for column in columns]
        taken: dict[str, list[str]] = {}
        for column in columns:
            taken.setdefault(column["field"], []).append(column["heading"])
        chosen: dict[str, str] = import_.mapping
        for name in FIELDS:
            now = _("、").join(taken.get(name, ()))
            automatic = (
                _("自动识别（%(heading)s）") % {"heading": now} if now else _("自动识别（未找到）")
            )
            choices = [("", automatic), *((heading, heading) for heading in headings)]
            if name != "text":
                choices.append((UNUSED, _("不导入这一列")))
            self.fields[name] = forms.ChoiceField(
                label=FIELD_LABELS[name],
                required=name == "text" and not now,
                choices=choices,
                initial=chosen.get(name, ""),
            )
        self.fields["fill_informant"] = forms.ChoiceField(
            label=_("表中未写受访对象的，记为"),
            choices=Informant.choices,
            initial=import_.informant,
        )
        self.fields["fill_method"] = forms.ChoiceField(
            label=_("表中未写方式的，记为"), choices=Method.choices, initial=import_.method
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        seen: dict[str, str] = {}
        for name in FIELDS:
            heading = cleaned.get(name) or ""
            if heading in {"", UNUSED}:
                continue
            if heading in seen:
                self.add_error(
                    name, _("“%(heading)s”已用于另一项，请另选一列。") % {"heading": heading}
                )
            seen[heading] = name
        return cleaned

    def choices(self) -> Choices:
        """The typed choices; call after `is_valid`."""
        cleaned = self.cleaned_data
        return Choices(
            mapping={name: cleaned[name] for name in FIELDS if cleaned.get(name)},
            informant=cleaned["fill_informant"],
            method=cleaned["fill_method"],
        )
