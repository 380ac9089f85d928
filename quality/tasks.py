"""Work of the clock. The domain is imported inside: it may enqueue these tasks itself."""

from datetime import date

from celery import shared_task
from django.utils import timezone

from common.tasks import enqueue


@shared_task(name="quality.print_record", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def print_record(acceptance_id: int) -> None:
    from quality.domain import records

    records.make_record(acceptance_id)


@shared_task(name="quality.tick_clock")
def tick_clock(acceptance_id: int) -> None:
    from quality.domain import deemed

    deemed.tick(acceptance_id)


@shared_task(name="quality.follow_up")
def follow_up() -> None:
    """Remind of punch lists, turn the clocks of deemed acceptances, and enqueue records that a crash left unprinted."""
    from quality.domain import deemed, punch_items, records

    punch_items.remind_due()
    for acceptance_id in deemed.running().values_list("pk", flat=True):
        enqueue(tick_clock, acceptance_id)
    for acceptance_id in records.due().values_list("pk", flat=True):
        enqueue(print_record, acceptance_id)


@shared_task(name="quality.send_defect_summaries")
def send_defect_summaries() -> None:
    """Every hour: tell the people whose morning it is which defects wait for them; who was told is told no more."""
    from quality.domain import defect_summaries

    for user_id in defect_summaries.people_to_tell(timezone.now()):
        enqueue(send_defect_summary, user_id)


@shared_task(name="quality.send_defect_summary")
def send_defect_summary(user_id: int) -> None:
    from quality.domain import defect_summaries

    defect_summaries.tell(user_id, now=timezone.now())


@shared_task(name="quality.remind_of_cases")
def remind_of_cases() -> None:
    """Every hour: tell the people whose morning it is which cases are left; who was told is told no more."""
    from quality.domain import reminders

    for user_id in reminders.people_to_remind(timezone.now()):
        enqueue(remind_of_cases_of, user_id)


@shared_task(name="quality.remind_of_cases_of")
def remind_of_cases_of(user_id: int) -> None:
    from quality.domain import reminders

    reminders.remind(user_id, now=timezone.now())


@shared_task(name="quality.remind_of_actions")
def remind_of_actions() -> None:
    """Every day: remind of corrective actions that are due soon or overdue."""
    from quality.domain import audit_actions

    for action, today in audit_actions.to_remind(timezone.now()):
        enqueue(remind_of_action, action.pk, today.isoformat())


@shared_task(name="quality.remind_of_action", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def remind_of_action(action_id: int, today: str) -> None:
    from quality.domain import audit_actions

    audit_actions.remind(action_id, date.fromisoformat(today))
