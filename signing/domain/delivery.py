"""The sealed file goes to everyone concerned: a notice and a mail with the link to it."""

from django.db import transaction
from django.utils import timezone

from notices.domain import outbox
from signing.domain.evidence import verify_url
from signing.domain.moves import locked, move
from signing.enums import RequestState


@transaction.atomic
def deliver(request_id: int) -> None:
    """Tell the sender and every signer that the sealed PDF is there: once, however often this is called."""
    request = locked(request_id)
    if request.state != RequestState.SEALED:
        return
    asked = request.signers.select_related("user")
    people = {user.pk: user for user in [request.sent_by, *(signer.user for signer in asked)]}
    context = {
        "request": request,
        "project": request.project,
        "signers": [signer for signer in asked if signer.signed_at],
        "sealed": request.sealed_file,
        "verify_url": verify_url(request),
    }
    for user in people.values():
        outbox.tell(
            user,
            "signing/mails/sealed",
            context,
            url=request.get_absolute_url(),
            key=f"signing.sealed:{request.pk}",
            project_id=request.project_id,
        )
    move(request, "deliver", by=None, delivered_at=timezone.now())
