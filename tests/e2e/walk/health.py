"""The system is live: checks imported, the month's report drafted by the clock, published, acknowledged."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

from django.utils import timezone

from projects.enums import Audience
from success.domain.months import Month, closed_month
from tests.e2e.walk.cast import Cast
from tests.e2e.walk.house import draft_reports, link_in_mail
from tests.e2e.walk.scope import enter, sign_in_with_code

SYSTEM = "erp"
EVERY = timedelta(minutes=30)


def last_month(cast: Cast) -> Month:
    return closed_month(timezone.now(), cast.project.time_zone)


def month_of_checks(cast: Cast) -> bytes:
    """A check every half hour of the month reported next, down from 10:00 to 11:00 (UTC) of its tenth day."""
    month = last_month(cast)
    outage = datetime(month.year, month.number, 10, 10, tzinfo=UTC)
    at, end = month.span(cast.project.time_zone).start, month.span(cast.project.time_zone).end
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(["service", "checked_at", "status", "http_code", "response_ms"])
    while at <= end:
        down = outage <= at < outage + 2 * EVERY
        rows.writerow([SYSTEM, at.isoformat(), *(["down", 503, 0] if down else ["up", 200, 180 + at.hour * 10])])
        at += EVERY
    return out.getvalue().encode()


def import_checks(cast: Cast) -> None:
    csm = cast.csm
    enter(csm, cast)
    csm.follow("Health")
    csm.follow("Import checks")
    csm.field("CSV file").set_input_files(
        {"name": "checks.csv", "mimeType": "text/csv", "buffer": month_of_checks(cast)}
    )
    csm.press("Import")
    csm.sees(SYSTEM)


def set_live(cast: Cast) -> None:
    csm = cast.csm
    csm.follow(SYSTEM)
    csm.follow("Go-live and targets")
    csm.field("live from").fill(last_month(cast).first_day.isoformat())
    csm.field("visible to").select_option(value=Audience.CUSTOMER)
    csm.press("Save")


def publish_the_report(cast: Cast) -> None:
    """The clock drafts it, the customer success manager puts it into words and publishes it."""
    draft_reports()
    csm = cast.csm
    csm.open_waiting("Review health report")
    csm.follow("Edit the words")
    csm.field("summary").fill(cast.typed["summary"])
    csm.press("Save")
    csm.sees(cast.typed["summary"])
    csm.press("Submit for review")
    csm.press("Publish")
    csm.sees(csm.words("The customer has not acknowledged it yet."))


def acknowledge_the_report(cast: Cast) -> None:
    """The sponsor signs in on the phone, by the link and a code from the mail."""
    sponsor = cast.sponsor
    sign_in_with_code(sponsor, link_in_mail(sponsor, "/health/"))
    sponsor.sees(cast.typed["summary"])
    sponsor.press("Acknowledge")
    sponsor.sees(sponsor.words("%(who)s has taken note of it:", who=sponsor.name))
