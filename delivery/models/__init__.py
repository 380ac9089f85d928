from .deliverables import Deliverable, DeliverableReview, DeliverableVersion, RaciEntry
from .tasks import Task, validate_dates

__all__ = ["Deliverable", "DeliverableReview", "DeliverableVersion", "RaciEntry", "Task", "validate_dates"]
