from .discussions import AttachmentViewSet, CommentViewSet
from .gates import GateReviewViewSet
from .phases import PhaseViewSet
from .projects import ProjectViewSet
from .scope import ProjectScoped
from .team import MembershipViewSet

__all__ = ["ProjectScoped", "register"]

PROJECT = r"projects/(?P<project_key>[A-Z0-9-]+)"


def register(router) -> None:
    router.register("projects", ProjectViewSet, basename="project")
    router.register(f"{PROJECT}/members", MembershipViewSet, basename="member")
    router.register(f"{PROJECT}/phases", PhaseViewSet, basename="phase")
    router.register(f"{PROJECT}/gate-reviews", GateReviewViewSet, basename="gate-review")
    router.register(f"{PROJECT}/comments", CommentViewSet, basename="comment")
    router.register(f"{PROJECT}/attachments", AttachmentViewSet, basename="attachment")
