"""Work of the clock. The domain is imported inside: it may enqueue these tasks itself."""

from celery import shared_task
from django.utils import timezone

from common.tasks import enqueue


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
