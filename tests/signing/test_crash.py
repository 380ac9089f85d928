"""Seals when the worker is killed: one sealed file, one record, one mail to each, whatever dies."""

import pytest
from django.core.files.storage import default_storage

from notices.models import Message
from signing import tasks
from signing.domain import documents, verification
from signing.enums import RequestState
from signing.models import SealedFile
from tests.crash import wait_until
from tests.signing.factories import send, sign_next

pytestmark = pytest.mark.crash


@pytest.mark.parametrize(
    ("crash_at", "state"),
    [
        ("before signing.domain.sealing:make", RequestState.SIGNED),
        ("after signing.domain.sealing:make", RequestState.SIGNED),
        ("after signing.domain.documents:store", RequestState.SIGNED),  # the file is there, its record is not
        ("after signing.domain.sealing:seal", RequestState.SEALED),
        ("before signing.domain.delivery:deliver", RequestState.SEALED),
        ("after signing.domain.delivery:deliver", RequestState.DELIVERED),
    ],
)
def test_killed_while_sealing_leaves_one_sealed_file(crash_house, crash_at, state):
    request = send()
    sign_next(request)
    with crash_house.worker(crash_at) as worker:
        sign_next(request)
        worker.wait_for_death()
    request.refresh_from_db()
    assert request.state == state

    with crash_house.worker():
        tasks.sweep.delay()
        wait_until(lambda: is_delivered(request))
        tasks.seal.delay(request.pk)
        other = send()
        sign_next(other)
        sign_next(other)
        wait_until(lambda: is_delivered(other))  # so the repeated task before it is done as well

    record = SealedFile.objects.get(request=request)
    assert [name for name in default_storage.listdir("signing/sealed")[1] if name == request.file_name]
    assert verification.verify(documents.read(record.file)).is_unchanged
    told = Message.objects.filter(key=f"signing.sealed:{request.pk}", channel="email").values_list("address", flat=True)
    assert sorted(told) == sorted(request.signers.values_list("user__email", flat=True))


def is_delivered(request):
    request.refresh_from_db()
    return request.state == RequestState.DELIVERED
