import pytest

from audit.domain import trail
from projects.models import Membership
from signing.domain import requests, signatures
from signing.domain.errors import (
    AlreadySigned,
    ConsentMissing,
    DrawingRefused,
    MoveNotAllowed,
    NotASigner,
    NotYourTurn,
    ReasonMissing,
)
from signing.enums import Identification, RequestState
from tests.projects.factories import PhaseFactory
from tests.signing.factories import (
    BY_CODE,
    ZIGZAG,
    make_project,
    overdue,
    send,
    sign_next,
    signature,
    signed,
)

pytestmark = pytest.mark.django_db


def first(request):
    return request.signers.order_by("order").first()


def test_sign_keeps_everything_the_signature_says():
    request = send()
    signer = first(request)

    signatures.sign(signer.pk, signature("Petra M.", drawn=True), BY_CODE)

    signer.refresh_from_db()
    assert (signer.name, signer.job_title, signer.method) == ("Petra M.", "CFO", "drawn")
    assert (signer.identification, signer.address, signer.device) == (
        Identification.CODE,
        "203.0.113.7",
        "Test browser",
    )
    assert signer.consent_text.startswith(f"I am authorised to sign for {signer.user.organisation.name}")
    assert signer.strokes == ZIGZAG
    assert signer.opened_at <= signer.consented_at == signer.signed_at
    request.refresh_from_db()
    assert request.state == RequestState.SENT


def test_sign_asks_the_next_in_order():
    request = send()
    second = request.signers.get(order=2)
    assert second.told_at is None
    sign_next(request)
    second.refresh_from_db()
    assert second.told_at is not None


def test_the_last_signature_completes_the_request_in_the_same_transaction(calls):
    request = signed()
    assert request.state == RequestState.SIGNED
    assert request.signed_at == request.signers.get(order=2).signed_at
    assert calls == [("signed", request.pk)]
    assert [entry.action for entry in trail.entries_for(request).order_by("number")] == [
        "send",
        "ask",
        "sign",
        "ask",
        "sign",
        "complete",
    ]


def test_sign_is_undone_when_its_consequence_fails(monkeypatch):
    request = send()
    sign_next(request)
    kind = signatures.kinds.get(request.kind)

    def fail(_request):
        raise RuntimeError("no")

    monkeypatch.setitem(signatures.kinds._kinds, request.kind, kind.__class__(**{**vars(kind), "on_signed": fail}))
    with pytest.raises(RuntimeError):
        sign_next(request)
    request.refresh_from_db()
    assert request.state == RequestState.SENT
    assert request.signers.unsigned().count() == 1


def test_sign_refuses_out_of_order():
    request = send()
    with pytest.raises(NotYourTurn):
        signatures.sign(request.signers.get(order=2).pk, signature(), BY_CODE)


def test_sign_twice_gives_one_signature_and_a_clear_answer():
    request = send()
    signer = first(request)
    signatures.sign(signer.pk, signature(), BY_CODE)
    with pytest.raises(AlreadySigned):
        signatures.sign(signer.pk, signature("Someone else"), BY_CODE)
    signer.refresh_from_db()
    assert signer.name == "Sam Sponsor"


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"consent": False}, ConsentMissing),
        ({"name": "  "}, DrawingRefused),
        ({"method": "drawn", "strokes": None}, DrawingRefused),
        ({"method": "drawn", "strokes": {"strokes": [[[1, 1], [2, 1]]]}}, DrawingRefused),
    ],
)
def test_sign_refuses_what_is_no_signature(fields, refusal):
    request = send()
    with pytest.raises(refusal):
        signatures.sign(first(request).pk, signature(**fields), BY_CODE)
    assert request.signers.unsigned().count() == 2


def close_by_decline(request):
    signatures.decline(first(request).pk, "Not complete", BY_CODE)


def close_by_void(request):
    requests.void(request.pk, by=None, reason="x")


def close_by_expiry(request):
    overdue(request)
    requests.expire_due()


@pytest.mark.parametrize("close", [close_by_decline, close_by_void, close_by_expiry, overdue])
def test_sign_and_decline_refuse_a_request_that_is_closed_or_overdue(close):
    request = send()
    close(request)
    with pytest.raises(MoveNotAllowed):
        signatures.sign(first(request).pk, signature(), BY_CODE)
    with pytest.raises(MoveNotAllowed):
        signatures.decline(first(request).pk, "Late", BY_CODE)
    assert request.signers.unsigned().count() == 2


def test_sign_refuses_who_lost_the_role_meanwhile():
    request = send()
    Membership.objects.filter(user=first(request).user).delete()
    with pytest.raises(NotASigner):
        signatures.sign(first(request).pk, signature(), BY_CODE)


def test_sign_voids_a_document_that_no_longer_says_what_is_so():
    project, manager, sponsor = make_project()
    phase = PhaseFactory(project=project, name="Design")
    request = send(project, manager, sponsor, phase=phase)
    phase.name = "Build"
    phase.save()
    with pytest.raises(MoveNotAllowed):
        signatures.sign(first(request).pk, signature(), BY_CODE)
    request.refresh_from_db()
    assert request.state == RequestState.VOIDED


def test_decline_closes_the_request_for_everyone(calls):
    request = send()
    sign_next(request)
    signer = request.signers.get(order=2)

    signatures.decline(signer.pk, " Data is not complete ", BY_CODE)

    request.refresh_from_db()
    signer.refresh_from_db()
    assert (request.state, request.closing_reason) == (RequestState.DECLINED, "Data is not complete")
    assert (request.closed_by, signer.declined_at is not None) == (signer.user, True)
    assert calls == [("declined", request.pk)]


def test_decline_needs_a_reason_and_the_turn():
    request = send()
    with pytest.raises(ReasonMissing):
        signatures.decline(first(request).pk, " ", BY_CODE)
    with pytest.raises(NotYourTurn):
        signatures.decline(request.signers.get(order=2).pk, "x", BY_CODE)


def test_open_document_is_recorded_once():
    request = send()
    signer = first(request)
    signatures.open_document(signer.pk)
    signer.refresh_from_db()
    opened = signer.opened_at
    signatures.open_document(signer.pk)
    signer.refresh_from_db()
    assert signer.opened_at == opened
    assert trail.entries_for(request).filter(action="open").count() == 1
