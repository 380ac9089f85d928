from .deliverables import DeliverableViewSet
from .tasks import TaskViewSet

PROJECT = r"projects/(?P<project_key>[A-Z0-9-]+)"


def register(router) -> None:
    router.register(f"{PROJECT}/tasks", TaskViewSet, basename="task")
    router.register(f"{PROJECT}/deliverables", DeliverableViewSet, basename="deliverable")
