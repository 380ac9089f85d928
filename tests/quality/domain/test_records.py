import pytest
from django.db import IntegrityError, transaction

from common import pdf
from quality import tasks
from quality.domain import records
from quality.models import AcceptanceRecord
from signing.domain import documents, signatures
from signing.domain.manifest import sha256
from tests.projects.factories import ProjectFactory
from tests.quality.signing import accepted_scope, declined, requested
from tests.signing.factories import BY_CODE, sign_next

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_decline_has_its_own_document(language):
    acceptance = declined(ProjectFactory(language=language), reason="三家供应商的期初余额不对")
    record = records.make_record(acceptance.pk)
    assert record.number == f"{acceptance.project.key}-DEC-001"
    content = documents.read(record.file)
    assert (len(content), sha256(content)) == (record.size, record.sha256)
    signer = acceptance.document.signers.get(order=2).user
    pdf.check_text(content, ["三家供应商的期初余额不对", signer.name, acceptance.document.label, "At least 95 % pass"])


def test_a_record_is_made_once_and_kept():
    acceptance = declined()
    assert list(records.due()) == [acceptance]
    for _ in range(2):
        tasks.print_record(acceptance.pk)
    record = AcceptanceRecord.objects.get()
    assert not records.due().exists()
    with transaction.atomic(), pytest.raises(IntegrityError, match="append-only"):
        AcceptanceRecord.objects.filter(pk=record.pk).update(sha256="0" * 64)


def test_what_was_signed_or_still_waits_has_no_record():
    assert records.make_record(requested().pk) is None
    assert not AcceptanceRecord.objects.exists()


def test_a_decline_can_be_followed_by_a_new_request():
    acceptance = declined()
    criteria_set = acceptance.criteria_set
    again = requested(criteria_set=criteria_set)
    assert again.pk != acceptance.pk
    sign_next(again.document)
    signer = again.document.signers.unsigned().get()
    signatures.decline(signer.pk, "Still wrong", BY_CODE)
    assert records.make_record(again.pk).number.endswith("-DEC-001")
    assert records.make_record(acceptance.pk).number.endswith("-DEC-002")
    assert accepted_scope().acceptances.count() == 0
