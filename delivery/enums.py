from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TaskState(TextChoices):
    """Where a task stands on a day; worked out from its dates and progress, never stored."""

    DONE = "done", _("Done")
    OVERDUE = "overdue", _("Overdue")
    ACTIVE = "active", _("In progress")
    PLANNED = "planned", _("Planned")


class DeliverableKind(TextChoices):
    DELIVERABLE = "deliverable", _("Deliverable")
    DOCUMENT = "document", _("Document")
    STANDARD = "standard", _("Standard")


class DeliverableState(TextChoices):
    PLANNED = "planned", _("Planned")
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")


class ReviewVerdict(TextChoices):
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")


class Raci(TextChoices):
    """What a person is to a deliverable. One is accountable: that person owns it."""

    RESPONSIBLE = "R", _("Responsible")
    ACCOUNTABLE = "A", _("Accountable")
    CONSULTED = "C", _("Consulted")
    INFORMED = "I", _("Informed")

    @property
    def look(self) -> str:
        """The classes of the letter's box."""
        return RACI_LOOKS[self]


WEIGHT = (Raci.ACCOUNTABLE, Raci.RESPONSIBLE, Raci.CONSULTED, Raci.INFORMED)  # the heaviest part first
WORKERS = frozenset({Raci.RESPONSIBLE, Raci.ACCOUNTABLE})  # who brings a deliverable about

STATE_FAMILY = {
    TaskState.DONE: "good",
    TaskState.OVERDUE: "bad",
    TaskState.ACTIVE: "progress",
    TaskState.PLANNED: "none",
}
DELIVERABLE_FAMILIES = {
    DeliverableState.PLANNED: "none",
    DeliverableState.DRAFT: "progress",
    DeliverableState.IN_REVIEW: "waiting",
    DeliverableState.APPROVED: "good",
}
RACI_LOOKS = {
    Raci.RESPONSIBLE: "lf-letter lf-letter-r",
    Raci.ACCOUNTABLE: "lf-letter lf-letter-a",
    Raci.CONSULTED: "lf-letter",
    Raci.INFORMED: "lf-letter",
}
VERDICT_FAMILIES = {ReviewVerdict.APPROVED: "good", ReviewVerdict.RETURNED: "risk"}
