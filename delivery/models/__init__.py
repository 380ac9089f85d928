from .tasks import Task, validate_dates

__all__ = ["Task", "validate_dates"]
