from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit.domain import trail
from audit.models import Chain, Entry
from common import triggers
from tests.accounts.factories import OrganisationFactory, UserFactory
from tests.projects.factories import ProjectFactory

pytestmark = pytest.mark.django_db


@contextmanager
def tampering():
    """What somebody with the database's own password can do: lift the triggers, alter, put them back."""
    with connection.schema_editor() if connection.vendor == "postgresql" else no_editor() as editor:
        if connection.vendor == "postgresql":
            editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        triggers._drop("audit_entry")(None, editor)
        yield
        triggers._create("audit_entry")(None, editor)


@contextmanager
def no_editor():
    """SQLite's schema editor wants no transaction around it, and a trigger needs none of what it does."""

    class Editor:
        def __init__(self):
            self.connection = connection

        def execute(self, statement, params=None):
            with connection.cursor() as cursor:
                cursor.execute(statement, params)

    yield Editor()


def verify():
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_trail", stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, err.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def project():
    """A project with a chain of four entries, beside a house chain of two."""
    project = ProjectFactory()
    with transaction.atomic():
        for reason in ("a", "b", "c", "d"):
            trail.record("edit", project, by=UserFactory(), facts={"reason": reason})
        trail.record_many("import", OrganisationFactory.create_batch(2))
    return project


def test_unbroken_chains_exit_0(project):
    assert verify() == (0, "2 chains, 6 entries: unbroken\n")


def test_no_chains_exit_0():
    assert verify() == (0, "0 chains, 0 entries: unbroken\n")


@pytest.mark.parametrize(
    "change",
    [
        {"action": "other"},
        {"actor_name": "Somebody"},
        {"object_label": "Other"},
        {"changes": {"name": ["a", "b"]}},
        {"facts": {"reason": "z"}},
        {"hash": "0" * 64},
    ],
)
def test_altered_entry_is_named(project, change):
    with tampering():
        Entry.objects.filter(chain__name=f"project:{project.pk}", number__in=[2, 3]).update(**change)

    assert verify() == (1, f"project:{project.pk} entry 2: content does not match its hash\n")


def test_altered_entry_with_a_new_hash_breaks_at_the_next(project):
    entry = Entry.objects.get(chain__name=f"project:{project.pk}", number=2)
    entry.facts = {"reason": "z"}
    with tampering():
        Entry.objects.filter(pk=entry.pk).update(
            facts=entry.facts, hash=trail.entry_hash(f"project:{project.pk}", entry)
        )

    assert verify() == (1, f"project:{project.pk} entry 3: does not follow from the entry before\n")


def test_removed_entry_is_named(project):
    with tampering():
        Entry.objects.filter(chain__name=f"project:{project.pk}", number=2)._raw_delete("default")

    assert verify() == (1, f"project:{project.pk} entry 2: missing\n")


def test_removed_end_is_named(project):
    with tampering():
        Entry.objects.filter(chain__name=f"project:{project.pk}", number=4)._raw_delete("default")

    assert verify() == (1, f"project:{project.pk} entry 4: missing\n")


def test_entries_swapped_between_chains_are_named(project):
    house = Chain.objects.get(name="house")
    with tampering():
        Entry.objects.filter(chain__name=f"project:{project.pk}", number=4).update(chain=house, number=3)

    assert verify()[1].splitlines() == [
        "house entry 3: does not follow from the entry before",
        f"project:{project.pk} entry 4: missing",
    ]


def test_every_broken_chain_is_named_by_its_first_entry(project):
    with tampering():
        Entry.objects.filter(number__gte=2).update(action="other")

    code, text = verify()
    assert code == 1
    assert [line.partition(":")[0] for line in text.splitlines()] == ["house entry 2", "project"]


def test_triggers_are_in_force_again_after_tampering(project):
    with tampering():
        pass

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(action="other")
