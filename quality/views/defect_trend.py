from datetime import timedelta

from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import charts
from projects.access import project_page
from quality.domain.criteria import floored
from quality.domain.defect_queries import known_defects, moves_of_defects
from quality.domain.defect_trend import trend_of
from quality.domain.queries import visible_defects
from quality.forms.defects import TrendForm
from quality.permissions import can_view_quality


@project_page(can_view_quality)
def defect_trend(request, project):
    form = TrendForm(request.GET)
    last = timezone.localdate()
    first = last - timedelta(days=form.days - 1)
    visible = visible_defects(request.user, project)
    zone = timezone.get_current_timezone_name()
    trend = trend_of(
        known_defects(visible), moves_of_defects(visible), first=first, last=last, zone=zone, now=timezone.now()
    )
    context = {
        "project": project,
        "form": form,
        "trend": trend,
        "chart": chart_of(trend),
        "age": None if trend.mean_age_days is None else floored(trend.mean_age_days, 1),
        "is_empty": not trend.days[-1].open_after and not trend.opened and not trend.settled,
    }
    return render(request, "quality/defect_trend.html", context)


def chart_of(trend):
    """Draw what was opened and settled per day; the table beneath has what was open, too."""
    title = _("Opened and settled per day")
    change = trend.opened - trend.settled
    finding = _("%(opened)s opened, %(settled)s settled. %(change)s") % {
        "opened": trend.opened,
        "settled": trend.settled,
        "change": ngettext("%(n)s more is open than before.", "%(n)s more are open than before.", change)
        % {"n": change}
        if change > 0
        else ngettext("%(n)s fewer is open than before.", "%(n)s fewer are open than before.", -change) % {"n": -change}
        if change < 0
        else _("As many are open as before."),
    }
    lines = [
        charts.Line(_("newly opened"), [day.opened for day in trend.days]),
        charts.Line(_("settled"), [day.settled for day in trend.days], is_dashed=True),
    ]
    names = [date_format(day.day, "m-d") for day in trend.days]
    return {
        "title": title,
        "finding": finding,
        "drawing": charts.line_chart(names, lines, charts.Words(title, finding, "n"), least_top=charts.STEPS),
        "headers": (_("Day"), _("Newly opened"), _("Settled"), _("Open at the end of the day")),
        "rows": [(day.day.isoformat(), day.opened, day.settled, day.open_after) for day in reversed(trend.days)],
    }
