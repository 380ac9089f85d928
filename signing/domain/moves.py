"""The moves of a signature request: the one table, and the one place that writes `state`."""

from typing import Any

from audit.domain import trail
from signing.domain.errors import MoveNotAllowed
from signing.enums import RequestState
from signing.models import SignatureRequest

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "complete": ({RequestState.SENT}, RequestState.SIGNED),
    "seal": ({RequestState.SIGNED}, RequestState.SEALED),
    "deliver": ({RequestState.SEALED}, RequestState.DELIVERED),
    "decline": ({RequestState.SENT}, RequestState.DECLINED),
    "void": ({RequestState.SENT}, RequestState.VOIDED),
    "expire": ({RequestState.SENT}, RequestState.EXPIRED),
}


def locked(request_id: int) -> SignatureRequest:
    """Return the request, locked for the rest of the transaction: whoever comes second finds what the first did."""
    requests = SignatureRequest.objects.select_for_update(of=("self",)).select_related("project__customer")
    return requests.get(pk=request_id)


def move(request: SignatureRequest, name: str, *, by: Any, facts: dict | None = None, **fields) -> None:
    """Make the move `name` of a locked request, set `fields` with it, save both and record them in the trail.

    Raises MoveNotAllowed from any other state than those of the table.
    """
    sources, target = MOVES[name]
    if request.state not in sources:
        raise MoveNotAllowed(label=request.label, state=request.get_state_display())
    before = trail.snapshot(request)
    request.state = target
    for field, value in fields.items():
        setattr(request, field, value)
    request.save(update_fields=["state", *fields])
    trail.record(name, request, by=by, before=before, facts=facts)
