"""Makes the demo: three projects that look like life, by the same domain functions that pages call."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cockpit.domain.demo import crm, erp, pos
from cockpit.domain.demo.people import PEOPLE, make_people
from quality.domain import records
from signing.domain import sealing
from success.domain import reports


def is_made() -> bool:
    """Whether the demo was made here: its first person is known."""
    return User.objects.filter(email=PEOPLE[0].email).exists()


def make_demo() -> bool:
    """Make the demo once, relative to today; return whether this call made it. All of it or nothing."""
    with transaction.atomic():
        if is_made():
            return False
        people = make_people()
        documents = [*pos.tell(people), *erp.tell(people), *crm.tell(people)]
        # They have worked here for months: nobody is shown as only invited, or invited anew.
        User.objects.filter(last_login=None).update(last_login=timezone.now())
    # Seals and prints are of this very hour, whatever the story says: a seal's time is never made up.
    for request_id in documents:
        sealing.seal_and_deliver(request_id)
    for acceptance_id in records.due().values_list("pk", flat=True):
        records.make_record(acceptance_id)
    for report_id in reports.unprinted_reports():
        reports.print_report(report_id)
    return True
