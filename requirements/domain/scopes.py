"""The scope row of a project: whatever changes the scope locks it, so that editing, freezing and signing follow
one another, and takes its numbers from it."""

from projects.models import Project
from requirements.enums import DOCUMENT_KIND
from requirements.models import Scope
from signing.models import SignatureRequest


def lock_scope(project: Project) -> Scope:
    """Return the project's scope row, locked until the transaction ends.

    An open request for signature is locked before it, in the order in which signing meets the two: a signature and an
    edit at the same instant then wait for each other instead of blocking each other.
    """
    open_requests = SignatureRequest.objects.open().filter(project=project, kind=DOCUMENT_KIND)
    list(open_requests.select_for_update(of=("self",)).values_list("pk"))
    Scope.objects.get_or_create(project=project)
    return Scope.objects.select_for_update(of=("self",)).get(project=project)


def next_number(scope: Scope, noun: str) -> int:
    """Give out the next number of `noun` (objective, requirement, baseline) of a locked scope: once, ever."""
    field = f"last_{noun}"
    number = getattr(scope, field) + 1
    setattr(scope, field, number)
    scope.save(update_fields=[field])
    return number
