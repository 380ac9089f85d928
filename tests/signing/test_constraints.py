"""What the database itself refuses, whoever writes."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from signing.enums import RequestState
from signing.models import SealedFile, SignatureRequest, Signer
from tests.projects.factories import ProjectFactory
from tests.signing.factories import row, sealed, sign_next, signed

pytestmark = pytest.mark.django_db


def refused(sql, *params, match):
    with pytest.raises(IntegrityError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def request_row():
    return row(ProjectFactory())


@pytest.mark.parametrize("state", ["signed", "sealed", "delivered"])
def test_a_binding_state_needs_every_signature(request_row, state):
    with pytest.raises(IntegrityError, match=r"is missing|not a move"), transaction.atomic():
        SignatureRequest.objects.filter(pk=request_row.pk).update(state=state, signed_at=timezone.now())


def test_a_binding_state_needs_the_other_signature_too():
    from tests.signing.factories import send

    request = send()
    sign_next(request)
    with pytest.raises(IntegrityError, match="signature is missing"), transaction.atomic():
        SignatureRequest.objects.filter(pk=request.pk).update(state="signed", signed_at=timezone.now())


def test_sealed_needs_the_sealed_file():
    request = signed()
    with pytest.raises(IntegrityError, match="sealed file is missing"), transaction.atomic():
        SignatureRequest.objects.filter(pk=request.pk).update(state="sealed", sealed_at=timezone.now())


@pytest.mark.parametrize("state", ["sent", "declined", "voided", "expired"])
def test_what_is_signed_stays_signed(state):
    request = signed()
    closed = {} if state == "sent" else {"closed_at": timezone.now()}
    with pytest.raises(IntegrityError, match="not a move"), transaction.atomic():
        SignatureRequest.objects.filter(pk=request.pk).update(state=state, signed_at=None, **closed)


def test_a_request_begins_as_sent():
    with pytest.raises(IntegrityError, match="begins as sent"), transaction.atomic():
        row(ProjectFactory(), state="signed", signed_at=timezone.now())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("manifest", {"a": 2}),
        ("manifest_sha256", "c" * 64),
        ("body_html", "x"),
        ("body_sha256", "c" * 64),
        ("title", "x"),
    ],
)
def test_what_was_sent_does_not_change(request_row, field, value):
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        SignatureRequest.objects.filter(pk=request_row.pk).update(**{field: value})


def test_requests_and_signers_are_not_deleted(request_row):
    refused("DELETE FROM signing_signer WHERE request_id = %s", request_row.pk, match="not deleted")
    refused("DELETE FROM signing_signaturerequest WHERE id = %s", request_row.pk, match="not deleted")


def test_a_signature_does_not_change():
    request = signed()
    for field, value in (("name", "Another"), ("signed_at", None), ("strokes", None), ("address", None)):
        with pytest.raises(IntegrityError, match=r"does not change|only an open request"), transaction.atomic():
            Signer.objects.filter(request=request, order=2).update(**{field: value})


def test_nobody_signs_or_joins_a_closed_request(request_row):
    now = timezone.now()
    SignatureRequest.objects.filter(pk=request_row.pk).update(state="voided", closed_at=now)
    with pytest.raises(IntegrityError, match="only an open request"), transaction.atomic():
        request_row.signers.update(
            signed_at=now,
            consented_at=now,
            opened_at=now,
            method="typed",
            identification="code",
            name="x",
            consent_text="x",
        )
    with pytest.raises(IntegrityError, match="joins while the request is open"), transaction.atomic():
        Signer.objects.create(
            request=request_row, user=request_row.sent_by, side="vendor", role="x", order=2, meaning="x"
        )


def test_half_a_signature_is_refused(request_row):
    with pytest.raises(IntegrityError, match="signing_signer_signature_is_whole"), transaction.atomic():
        request_row.signers.update(signed_at=timezone.now())


def test_the_record_of_a_sealed_file_is_append_only():
    record = sealed().sealed_file
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        SealedFile.objects.filter(pk=record.pk).update(sha256="c" * 64)
    refused("DELETE FROM signing_sealedfile WHERE id = %s", record.pk, match="append-only")


def test_one_open_request_per_subject(request_row):
    with pytest.raises(IntegrityError), transaction.atomic():
        row(request_row.project, object_id=request_row.object_id)


def test_every_state_has_a_family():
    assert {SignatureRequest(state=state).state_family for state in RequestState} == {
        "waiting",
        "progress",
        "good",
        "bad",
        "none",
        "risk",
    }
