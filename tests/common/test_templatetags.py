from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.utils import timezone, translation

from common.lists import ListPage
from common.templatetags.landfall import offset


def render(source, **context):
    return Template(source).render(Context(context)).strip()


def test_html_lang_is_the_name_html_uses():
    assert render("{% html_lang %}") == "en"
    with translation.override("zh-hans"):
        assert render("{% html_lang %}") == "zh-Hans"


def test_per_language_renders_each_language():
    source = "{% per_language 'components/banner.html' %}"
    assert "Try again" in render(source)
    with translation.override("zh-hans"):
        assert "重试" in render(source)


@pytest.mark.parametrize(
    ("language", "style", "words"),
    [
        ("en", "long", "31 Aug 2026"),
        ("zh-hans", "long", "2026年8月31日"),
        ("en", "short", "2026-08-31"),
        ("zh-hans", "short", "2026-08-31"),
    ],
)
def test_day_by_language_and_style(language, style, words):
    with translation.override(language):
        shown = render("{% day value style %}", value=date(2026, 8, 31), style=style)
    assert shown == f'<time class="lf-nowrap" datetime="2026-08-31">{words}</time>'


def test_day_of_an_instant_is_the_readers_day():
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        shown = render("{% day value 'short' %}", value=datetime(2026, 8, 31, 16, 0, tzinfo=UTC))
    assert ">2026-09-01<" in shown


def test_day_and_instant_of_nothing():
    assert render("{% day value %}{% instant value %}", value=None) == "––"


def test_instant_is_shown_in_the_readers_zone():
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        shown = render("{% instant value 'zone' %}", value=datetime(2026, 8, 31, 6, 2, tzinfo=UTC))
    assert shown == '<time class="lf-nowrap" datetime="2026-08-31T14:02:00+08:00">31 Aug 2026, 14:02 UTC+8</time>'


@pytest.mark.parametrize(
    ("zone", "words"),
    [("UTC", "UTC"), ("Asia/Shanghai", "UTC+8"), ("Asia/Kolkata", "UTC+5:30"), ("America/St_Johns", "UTC−2:30")],
)
def test_offset(zone, words):
    assert offset(datetime(2026, 8, 31, tzinfo=ZoneInfo(zone))) == words


@pytest.mark.parametrize(
    ("count", "total", "words"),
    [
        (129, 150, "129 / 150, 86\u00a0%"),
        (1999, 2000, "1,999 / 2,000, 99\u00a0%"),
        (0, 3, "0 / 3, 0\u00a0%"),
    ],
)
def test_rate_is_floored_and_keeps_its_counts(count, total, words):
    assert words in render("{% rate count total %}", count=count, total=total)


def test_rate_of_no_cases():
    assert render("{% rate 0 0 %}") == "no cases"


def test_duration_of_nothing():
    assert render("{% duration value %}", value=None) == "–"


class SampleForm(forms.Form):
    title = forms.CharField(label="Title", help_text="One sentence.")
    note = forms.CharField(label="Note", required=False)
    due = forms.DateField(label="Due", required=False)
    result = forms.ChoiceField(label="Result", choices=[("p", "Passed"), ("f", "Failed")], widget=forms.RadioSelect)
    shared = forms.BooleanField(label="Shared", required=False)


def field(name, data=None, **context):
    return render("{% field bound %}", bound=SampleForm(data)[name], **context)


def test_field_is_described_by_its_hint_and_error():
    shown = field("title", {})
    assert 'aria-describedby="id_title_helptext id_title_error"' in shown
    assert 'id="id_title_helptext"' in shown
    assert 'id="id_title_error"' in shown
    assert 'class="form-control is-invalid"' in shown
    assert 'aria-invalid="true"' in shown


def test_field_marks_what_is_optional_for_the_team_and_what_is_required_for_customers():
    assert "(optional)" in field("note", shell="staff.html")
    assert "(required)" not in field("title", shell="staff.html")
    assert "(optional)" not in field("note", shell="portal.html")
    assert "(required)" in field("title", shell="portal.html")


def test_field_of_a_date_is_the_browsers_own():
    assert 'type="date"' in field("due")


def test_field_of_choices_is_a_group_with_a_legend():
    shown = field("result", {})
    assert shown.startswith('<fieldset class="lf-field" aria-describedby="id_result_error"')
    assert shown.count('type="radio"') == 2
    assert 'for="id_result_1"' in shown


def test_field_takes_another_hint():
    form = SampleForm()
    shown = render("{% field bound hint='Say why.' %}", bound=form["note"])
    assert 'aria-describedby="id_note_helptext"' in shown
    assert "Say why." in shown


def test_form_errors_lead_to_the_fields():
    shown = render("{% form_errors form %}", form=SampleForm({}))
    assert 'href="#id_title"' in shown
    assert 'href="#id_result_0"' in shown
    assert "autofocus" in shown


def test_form_errors_of_a_good_or_new_form_are_nothing():
    assert render("{% form_errors form %}", form=SampleForm()) == ""
    assert render("{% form_errors form %}", form=SampleForm({"title": "A", "result": "p"})) == ""


def list_page(**kwargs):
    defaults = {"rows": [1], "total": 312, "first": 1, "last": 50, "sort": "due", "query": QueryDict("q=a&page=2")}
    return ListPage(**defaults | kwargs)


def test_sort_header_says_the_order_and_leads_to_the_other():
    shown = render("{% sort_header 'due' 'Due' %}", page=list_page())
    assert 'aria-sort="ascending"' in shown
    assert 'href="?q=a&amp;sort=-due"' in shown


def test_pages_show_position_and_total():
    page = list_page(next_url="?page=2")
    shown = render("{% include 'components/pages.html' %}", page=page)
    assert "1–50 of 312" in shown
    assert '<a class="btn btn-sm" rel="next" href="?page=2">' in shown
    assert 'rel="prev"' not in shown


def test_empty_tells_filtered_from_empty():
    filtered = SimpleNamespace(is_filtered=True)
    source = "{% include 'components/empty.html' with what='None yet.' url='/new/' action='Add' %}"
    assert "Clear filters" in render(source, page=filtered, request=SimpleNamespace(path="/defects/"))
    assert "None yet." in render(source, page=SimpleNamespace(is_filtered=False))
