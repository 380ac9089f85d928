from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class ReportState(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")


class Band(IntegerChoices):
    """How a system did in a month; the worst sorts first."""

    POOR = 0, _("Poor")
    WATCH = 1, _("Watch")
    GOOD = 2, _("Good")
    UNRATED = 3, _("Not rated")


class Rule(TextChoices):
    """The rules that recommendations come from; success.domain.recommendations says when each one speaks."""

    TARGET_MISSED = "target_missed", _("Availability below target")
    BUDGET_SPENT = "budget_spent", _("More than half of the error budget spent")
    SAME_HOURS = "same_hours", _("Outages at the same time of day")
    SLOWER = "slower", _("Slower than the month before")
    ABOVE_TARGET = "above_target", _("Response time above target")
    LONG_TAIL = "long_tail", _("A few very slow answers")
    BLIND_SPOTS = "blind_spots", _("Gaps in the monitoring")


class Priority(IntegerChoices):
    HIGH = 1, _("High")
    MEDIUM = 2, _("Medium")


class DecisionOwner(TextChoices):
    VENDOR = "vendor", _("Vendor")
    CUSTOMER = "customer", _("Customer")
