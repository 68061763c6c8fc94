"""The shared pieces of interface, as people meet them."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory, SimpleTestCase
from django.utils import translation

from sanshe.core.templatetags.ui import cn_date, cn_time, percent, yuan
from sanshe.core.tones import tone_of


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


class ThingForm(forms.Form):
    name = forms.CharField(label="名称", help_text="不超过 10 字", max_length=10)
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲"), ("b", "乙")], required=False)
    several = forms.MultipleChoiceField(
        label="多选", choices=[("a", "甲"), ("b", "乙")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="同意", required=False)


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(0, "0.00 元"), (1, "0.01 元"), (123400, "1,234.00 元"), (None, "—"), (-50, "-0.50 元")],
)
def test_money_is_shown_in_yuan_to_the_fen(fen: int | None, shown: str) -> None:
    assert yuan(fen) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0, "0%"), (0.855, "86%"), (1, "100%"), (0.125, "13%"), (None, "—")]
)
def test_shares_are_whole_percent_half_up(share: float | None, shown: str) -> None:
    assert percent(share) == shown


def test_dates_are_written_as_offices_write_them() -> None:
    assert cn_date(date(2026, 3, 1)) == "2026年3月1日"
    assert cn_date(None) == "—"


def test_moments_are_shown_in_the_time_of_the_place() -> None:
    assert cn_time(datetime(2026, 3, 1, 16, 5, tzinfo=UTC)) == "2026年3月2日 00:05"
    assert cn_date(datetime(2026, 3, 1, 16, 5, tzinfo=UTC)) == "2026年3月2日"


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in rendered('{% icon "home" %}')
    labelled = rendered('{% icon "home" "回首页" %}')
    assert 'aria-label="回首页"' in labelled
    assert "aria-hidden" not in labelled


def test_an_icon_that_is_not_in_the_sprite_is_a_mistake_of_ours() -> None:
    with pytest.raises(TemplateSyntaxError, match="core/icons.py"):
        rendered('{% icon "no-such-icon" %}')


def test_what_people_typed_is_never_markup() -> None:
    evil = "<script>alert(1)</script>"
    for source in (
        "{% badge 'info' %}{{ evil }}{% endbadge %}",
        "{% card title=evil %}{{ evil }}{% endcard %}",
        "{% page_header title=evil subtitle=evil %}{{ evil }}{% endpage_header %}",
        "{% empty title=evil %}{{ evil }}{% endempty %}",
        "{% stat label=evil value=evil hint=evil %}",
    ):
        assert "<script>" not in rendered(source, evil=evil), source


def test_a_badge_has_the_colour_of_its_status_and_red_is_for_safety() -> None:
    assert "tone-danger" in rendered('{% badge "P0" %}人身安全{% endbadge %}')
    assert "tone-warning" in rendered('{% badge tone="returned" %}退回{% endbadge %}')
    assert tone_of("what-nobody-knows") == "secondary"


def test_a_field_has_its_label_its_help_and_its_error_tied_to_it() -> None:
    form = ThingForm({"name": "", "several": []})
    html = rendered("{% form_fields form %}", form=form)
    SimpleTestCase().assertInHTML(
        '<label class="form-label" for="id_name">名称</label>', html.replace("\n", "")
    )
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_several_choices_are_one_group_with_a_legend() -> None:
    html = rendered("{% field form.several %}", form=ThingForm())
    assert html.count("<fieldset") == 1
    assert "多选" in html[html.index("<legend") : html.index("</legend>")]
    assert html.count('type="checkbox"') == 2


def test_optional_fields_say_so() -> None:
    html = rendered("{% field form.kind %}", form=ThingForm())
    assert "选填" in html
    assert "选填" not in rendered("{% field form.name %}", form=ThingForm())


def test_general_errors_come_first() -> None:
    form = ThingForm({"name": "x"})
    form.add_error(None, "两处不一致")
    html = rendered("{% form_fields form %}", form=form)
    assert html.index("两处不一致") < html.index("名称")


def test_other_pages_keep_the_filter() -> None:
    request = RequestFactory().get("/", {"q": "老人", "page": "2"})
    page = Paginator(range(120), 50).get_page(2)
    html = rendered("{% pagination page %}", page=page, request=request)
    assert "?q=%E8%80%81%E4%BA%BA&amp;page=3" in html
    assert 'aria-current="page"' in html
    assert "page=2&amp;page" not in html


def test_one_page_needs_no_pagination() -> None:
    page = Paginator(range(3), 50).get_page(1)
    assert rendered("{% pagination page %}", page=page).strip() == ""


def test_dates_follow_the_language_of_the_reader() -> None:
    with translation.override("zh-hans"):
        assert cn_date(date(2026, 12, 31)) == "2026年12月31日"
