"""Template tags that every page may use; they are built in, so no page loads them.

{% icon "check" %}                          an outline icon of static/icons.txt
{% status "good" defect.get_state_display %}  families: good risk bad progress waiting none
{% day task.due_on %}  {% day task.due_on "short" %}   31 Aug 2026 in prose, 2026-08-31 in tables
{% instant entry.at %}  {% instant entry.at "zone" %}  with the zone, for documents
{% rate passed total %}                     129 / 150, 86 % (floored; "no cases" for none)
{% duration seconds %}                      5 h 12 min
{% filesize bytes %}                        1.2 MB
{% field form.name %}  {% form_errors form %}
{% sort_header "due" _("Due") %}            a sortable column of `page`, inside <tr>
"""

from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from django import forms, template
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, to_locale

from common import durations
from common.icons import icon as draw_icon
from common.status import chip

register = template.Library()
NOTHING = "–"

register.simple_tag(draw_icon, name="icon")
register.simple_tag(chip, name="status")
register.simple_tag(filesizeformat, name="filesize")


@register.simple_tag
def per_language(template_name: str):
    """Include a template that depends on the language alone, rendered once for each."""
    return _rendered(template_name, get_language())


@cache
def _rendered(template_name: str, language: str | None) -> str:
    return render_to_string(template_name)


@register.simple_tag
def html_lang():
    """The page's language as HTML names it: zh-Hans or en."""
    return to_locale(get_language() or "en").replace("_", "-")


@register.simple_tag
def day(value: date | None, style: str = "long"):
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    return _day(value, style, get_language())


@lru_cache(maxsize=4096)  # a list shows the same hundred days over and over
def _day(value: date, style: str, language: str | None) -> str:
    shown = formats.date_format(value, {"long": "DATE_FORMAT", "short": "SHORT_DATE_FORMAT"}[style])
    return format_html('<time class="lf-nowrap" datetime="{}">{}</time>', value.isoformat(), shown)


@register.simple_tag
def instant(value: datetime | None, zone: str = ""):
    if value is None:
        return NOTHING
    local = timezone.localtime(value)
    shown = formats.date_format(local, "DATETIME_FORMAT")
    if zone:
        shown = f"{shown} {offset(local)}"
    return format_html('<time class="lf-nowrap" datetime="{}">{}</time>', local.isoformat(timespec="seconds"), shown)


def offset(local: datetime) -> str:
    """UTC+8, UTC−3:30, UTC."""
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"


@register.simple_tag
def rate(count: int, total: int):
    """A rate never stands without its counts; the percentage is floored, so that 99.9 never reads 100."""
    if not total:
        return gettext("no cases")
    facts = {"count": f"{count:,}", "total": f"{total:,}", "percent": count * 100 // total}
    words = gettext("%(count)s / %(total)s, %(percent)s %%") % facts
    return format_html('<span class="lf-nowrap">{}</span>', words.replace(" %", "\u00a0%"))


@register.simple_tag
def duration(value):
    if value is None:
        return NOTHING
    return durations.in_words(value)


CONTROL_CLASSES = [
    (forms.CheckboxInput, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
]


@register.inclusion_tag("components/field.html", takes_context=True)
def field(context, bound: forms.BoundField, label=None, hint=None):
    """A label, its control, hint and error. Dates get the browser's own picker."""
    widget = bound.field.widget
    if widget.attrs.get("placeholder") == bound.label:
        del widget.attrs["placeholder"]  # the label says it already
    if hint:
        bound.help_text = hint  # so that the control is described by it
    widget.attrs.setdefault("class", next(css for kind, css in CONTROL_CLASSES if isinstance(widget, kind)))
    if isinstance(widget, forms.DateInput):
        widget.input_type = "date"
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
        widget.attrs["rows"] = "4"
    if bound.errors:
        widget.attrs["class"] += " is-invalid"
    return {
        "field": bound,
        "label": label or bound.label,
        "hint": bound.help_text,
        "in_portal": context.get("shell") == "portal.html",
        "is_check": isinstance(widget, forms.CheckboxInput),
        "is_choice": isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple),
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(form):
    """The summary above a form that was refused; it takes the focus."""
    wrong = [bound for bound in form.visible_fields() if bound.errors] if form.is_bound else []
    return {
        "others": form.non_field_errors() if form.is_bound else [],
        "hidden": [error for bound in form.hidden_fields() for error in bound.errors] if form.is_bound else [],
        "fields": [
            # A group of choices has no id of its own: its first choice is where to go.
            {"label": bound.label, "error": bound.errors[0], "anchor": bound.id_for_label or f"{bound.auto_id}_0"}
            for bound in wrong
        ],
    }


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context, key: str, label, kind: str = ""):
    """A header cell that sorts `page` by `key`; `kind` "number" sets it to the right."""
    page = context["page"]
    state = page.sort_state(key)
    return {"url": page.sort_url(key), "label": label, "state": state, "is_number": kind == "number"}
