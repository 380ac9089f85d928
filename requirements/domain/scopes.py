"""The scope row of a project: whatever changes the scope locks it, so that editing, freezing and signing follow
one another."""

from projects.models import Project
from requirements.enums import DOCUMENT_KIND
from requirements.models import Scope
from signing.models import SignatureRequest


def lock_scope(project: Project) -> None:
    """Lock the project's scope row until the transaction ends.

    An open request for signature is locked before it, in the order in which signing meets the two: a signature and an
    edit at the same instant then wait for each other instead of blocking each other.
    """
    open_requests = SignatureRequest.objects.open().filter(project=project, kind=DOCUMENT_KIND)
    list(open_requests.select_for_update(of=("self",)).values_list("pk"))
    Scope.objects.get_or_create(project=project)
    Scope.objects.select_for_update(of=("self",)).get(project=project)
