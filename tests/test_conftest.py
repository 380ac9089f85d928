"""The flush of transactional tests gets past the triggers of evidence, and leaves them in force."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from audit.domain import trail
from audit.models import Chain, Entry


@pytest.mark.django_db(transaction=True)
def test_flush_empties_evidence_and_leaves_its_triggers_in_force():
    for _round in range(2):
        with transaction.atomic():
            trail.record("create", Chain.objects.create(name="any"))
        with pytest.raises(DatabaseError, match="audit_entry is append-only"):
            Entry.objects.update(action="altered")

        call_command("flush", interactive=False, verbosity=0)

        assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_evidence_cannot_be_deleted_or_truncated():
    with transaction.atomic():
        trail.record("create", Chain.objects.create(name="any"))
    statements = ["DELETE FROM audit_entry"]
    if connection.vendor == "postgresql":
        statements.append("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE audit_entry")
    for statement in statements:
        with pytest.raises(DatabaseError, match="is append-only"), transaction.atomic():
            connection.cursor().execute(statement)
