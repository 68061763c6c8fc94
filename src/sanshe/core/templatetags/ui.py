"""Small pieces of interface shared by every page; each has a template in `ui/`.

They are builtins of every template: no `{% load %}`.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    ClearableFileInput,
    RadioSelect,
    Select,
)
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanshe.core.icons import ICONS
from sanshe.core.models import AppendOnly
from sanshe.core.tones import tone_of
from sanshe.core.verbs import HistoryEntry, entries_of
from sanshe.office.english import in_english

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of the sprite; without a label it is decoration and hidden from readers."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"icon {name!r} is not listed in core/icons.py")
    drawing = static("vendor/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label, drawing, name,
        )  # fmt: skip
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        drawing, name,
    )  # fmt: skip


@register.simple_block_tag
def page_header(
    content: str, title: str, subtitle: str = "", back: str = "", back_label: str = ""
) -> str:
    """The heading of a page; the block holds its actions, the primary one first."""
    return render_to_string(
        "ui/page_header.html",
        {
            "title": title,
            "subtitle": subtitle,
            "back": back,
            "back_label": back_label or _("返回"),
            # The template engine rendered the block: it is markup already.
            "actions": mark_safe(content.strip()),
        },
    )


@register.simple_block_tag
def card(content: str, title: str = "", icon: str = "", id: str = "") -> str:
    """A framed part of a page."""
    return render_to_string(
        "ui/card.html", {"title": title, "icon": icon, "id": id, "content": content}
    )


@register.simple_block_tag
def badge(content: str, tone: str = "secondary") -> SafeString:
    """A short word with a colour; `tone` is a status, band, kind or colour word."""
    return format_html('<span class="badge tone-{}">{}</span>', tone_of(tone), content)


@register.simple_block_tag
def empty(content: str, title: str, icon: str = "inbox", heading: bool = False) -> str:
    """What a list says when nothing is in it: why, and what to do next.

    `heading` makes the title the heading of the page, where there is nothing else on it.
    """
    return render_to_string(
        "ui/empty.html", {"icon": icon, "title": title, "heading": heading, "content": content}
    )


@register.simple_tag
def stat(
    label: str, value: object, hint: str = "", url: str = "", tone: str = "", icon: str = ""
) -> str:
    """A figure with its name."""
    return render_to_string(
        "ui/stat.html",
        {
            "label": label,
            "value": value,
            "hint": hint,
            "url": url,
            "tone": tone_of(tone) if tone else "",
            "icon": icon,
        },
    )


@register.simple_tag
def field(bound: BoundField) -> str:
    """One field of a form: label, control, help, errors."""
    widget = bound.field.widget
    kind = _kind_of(bound)
    classes = {
        "select": "form-select",
        "check": "form-check-input",
        "choices": "form-check-input",
    }.get(kind, "form-control")
    attrs: dict[str, Any] = {"class": f"{widget.attrs.get('class', '')} {classes}".strip()}
    if bound.errors:
        attrs["class"] += " is-invalid"
    context = {"field": bound, "kind": kind}
    if kind != "choices":
        context["control"] = bound.as_widget(attrs=attrs)
    return render_to_string("ui/field.html", context)


def _kind_of(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, (CheckboxSelectMultiple, RadioSelect)):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, Select):
        return "select"
    if isinstance(widget, ClearableFileInput):
        return "file"
    return "input"


@register.simple_tag
def form_fields(form: BaseForm) -> str:
    """All fields of a form, its general errors first."""
    return render_to_string("ui/form_fields.html", {"form": form})


@register.simple_tag(takes_context=True)
def pagination(context: template.Context, page: Page[Any]) -> str:
    """Links to the other pages of a list; the rest of the address stays as it is."""
    if page.paginator.num_pages < 2:
        return ""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop("page", None)
    rest = query.urlencode()
    return render_to_string(
        "ui/pagination.html",
        {
            "page": page,
            "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            "ellipsis": page.paginator.ELLIPSIS,
            "prefix": f"?{rest}&page=" if rest else "?page=",
        },
    )


@register.simple_tag
def history(lines: Iterable[AppendOnly]) -> str:
    """What happened to a thing, newest first."""
    entries: list[HistoryEntry] = entries_of(lines)
    return render_to_string("ui/history.html", {"entries": entries})


@register.filter
def row_words(sentence: str) -> str:
    """What a reader of office files said about a row, in the language of the page."""
    return in_english(sentence) if (get_language() or "").startswith("en") else sentence


@register.filter
def yuan(fen: int | None) -> str:
    """123400 → 1,234.00 元."""
    if fen is None:
        return "—"
    amount = (Decimal(fen) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return _("%(amount)s 元") % {"amount": f"{amount:,.2f}"}


@register.filter
def percent(share: float | Decimal | None) -> str:
    """0.853 → 85%."""
    if share is None:
        return "—"
    try:
        value = Decimal(str(share)) * 100
    except InvalidOperation:
        return "—"
    return f"{value.quantize(Decimal(1), ROUND_HALF_UP)}%"


@register.filter
def cn_date(day: date | datetime | None) -> str:
    """2026年3月1日; in English 1 March 2026."""
    if not day:
        return "—"
    if isinstance(day, datetime) and timezone.is_aware(day):
        day = timezone.localtime(day)
    return formats.date_format(day, _("Y年n月j日"))


@register.filter
def cn_time(moment: datetime | None) -> str:
    """2026年3月1日 14:05."""
    if not moment:
        return "—"
    if timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    return formats.date_format(moment, _("Y年n月j日 H:i"))
