"""The agreed criteria of a scope: drafted, signed by both sides, locked, reopened into the next version."""

from projects.models import Phase, Project
from quality.domain.errors import CriteriaNotAgreed
from quality.models import CriteriaSet, scope_name


def check_agreed(project: Project, phase: Phase | None) -> None:
    """Raise CriteriaNotAgreed unless the scope's criteria are signed: what is judged is agreed before it is tested."""
    if not CriteriaSet.objects.of_scope(project, phase).agreed().exists():
        raise CriteriaNotAgreed(scope=scope_name(phase))
