"""A signed SRS when the worker is killed: one sealed file and one delivery, wherever it dies."""

import pytest
from django.core.files.storage import default_storage

from audit.domain import trail
from notices.models import Message
from requirements.domain import sending
from signing import tasks
from signing.domain import verification
from signing.enums import RequestState
from signing.models import SealedFile
from tests.crash import wait_until
from tests.requirements.factories import frozen_baseline
from tests.signing.factories import make_project, sign_next, specs

pytestmark = pytest.mark.crash


@pytest.mark.parametrize(
    "crash_at",
    [
        "before signing.domain.sealing:make",
        "after signing.domain.sealing:make",
        "after signing.domain.documents:store",  # the file is there, its row is not
        "after signing.domain.sealing:seal",  # sealed, nobody told
        "after signing.domain.delivery:deliver",  # everything done, the broker not told so
    ],
)
def test_killed_while_sealing_leaves_one_sealed_file(crash_house, crash_at):
    project, manager, sponsor = make_project()
    baseline = frozen_baseline(project, by=manager)
    request = sending.send_baseline(baseline.pk, signers=specs(manager, sponsor), by=manager)
    sign_next(request)
    with crash_house.worker(crash_at) as worker:
        sign_next(request)  # the last signature: the seal is under way
        worker.wait_for_death()

    with crash_house.worker():
        tasks.sweep.delay()
        wait_until(lambda: is_delivered(request))
        tasks.seal.delay(request.pk)
        tasks.seal.delay(request.pk)

    sealed = SealedFile.objects.get(request=request)
    folder, name = sealed.file.rsplit("/", 1)
    assert [file for file in default_storage.listdir(folder)[1] if file.startswith(request.number)] == [name]
    with default_storage.open(sealed.file) as file:
        assert verification.verify(file.read()).is_unchanged
    assert [entry.action for entry in trail.entries_for(request)].count("seal") == 1
    assert Message.objects.mails().filter(key=f"signing.sealed:{request.pk}").count() == 2  # the manager, the sponsor


def is_delivered(request):
    request.refresh_from_db()
    return request.state == RequestState.DELIVERED
