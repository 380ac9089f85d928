import threading
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Organisation, User
from audit.domain import trail
from audit.models import Chain, Entry
from tests.accounts.factories import OrganisationFactory, UserFactory
from tests.projects.factories import ProjectFactory

pytestmark = pytest.mark.django_db


def record(obj, action="edit", **kwargs):
    with transaction.atomic():
        return trail.record(action, obj, **kwargs)


# Who, what, when, from what to what


def test_record_holds_who_what_and_when():
    user, organisation = UserFactory(name="Li Ming"), OrganisationFactory(name="Hengxin")

    entry = record(organisation, "rename", by=user, facts={"reason": "merger"})

    entry = Entry.objects.get(pk=entry.pk)
    assert (entry.actor, entry.actor_name) == (user, "Li Ming")
    assert (entry.action, entry.facts) == ("rename", {"reason": "merger"})
    assert (entry.object_type, entry.object_id) == ("accounts.organisation", str(organisation.pk))
    assert entry.object_label == "Hengxin"
    assert (timezone.now() - entry.at).total_seconds() < 60


def test_record_holds_the_fields_that_differ():
    organisation = OrganisationFactory(name="Old", time_zone="Asia/Shanghai")
    before = trail.snapshot(organisation)
    organisation.name = "New"

    assert record(organisation, before=before).changes == {"name": ["Old", "New"]}


def test_record_of_a_new_row_holds_all_its_fields():
    assert record(OrganisationFactory(name="New"), before={}).changes["name"] == [None, "New"]


@pytest.mark.parametrize(("actor", "name"), [(None, ""), ("import", "import"), (AnonymousUser(), "AnonymousUser")])
def test_record_without_a_person_names_what_acted(actor, name):
    entry = record(OrganisationFactory(), by=actor)

    assert (entry.actor, entry.actor_name) == (None, name)


def test_record_keeps_a_long_label_within_the_column():
    assert record(OrganisationFactory(name="长" * 200), by="操" * 500).actor_name == "操" * 120


def test_record_outside_a_transaction_is_refused(transactional_db):
    organisation = OrganisationFactory()

    with pytest.raises(transaction.TransactionManagementError):
        trail.record("edit", organisation)

    assert not Entry.objects.exists()


def test_record_is_undone_with_the_change(transactional_db):
    organisation = OrganisationFactory()

    @transaction.atomic
    def change_that_fails():
        trail.record("edit", organisation)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_that_fails()
    record(organisation)

    assert Entry.objects.get().number == 1
    assert list(trail.find_breaks()) == []


def test_snapshot_leaves_out_what_the_model_excludes():
    snapshot = trail.snapshot(UserFactory())

    assert snapshot.keys() & {"password", "last_login", "id"} == set()
    assert {"email", "organisation_id", "is_active"} <= snapshot.keys()


def test_snapshot_is_plain_json():
    created_at = datetime(2026, 8, 31, 6, 2, tzinfo=UTC)

    assert trail.snapshot(UserFactory(created_at=created_at))["created_at"] == "2026-08-31T06:02:00Z"


def test_difference_names_what_was_added_and_removed():
    assert trail.difference({"a": 1, "b": 2}, {"b": 2, "c": 3}) == {"a": [1, None], "c": [None, 3]}


# Plain edits


def test_save_of_a_new_row_records_its_creation():
    organisation = Organisation(name="Hengxin", kind="customer")

    trail.save(organisation, by=UserFactory())

    entry = trail.entries_for(organisation).get()
    assert (entry.action, entry.changes["name"]) == ("create", [None, "Hengxin"])


def test_save_of_an_edit_records_the_stored_value_as_before():
    organisation = OrganisationFactory(name="Old")
    Organisation.objects.filter(pk=organisation.pk).update(name="Meanwhile")
    organisation.name = "New"

    trail.save(organisation, by=None, action="rename")

    entry = trail.entries_for(organisation).get()
    assert (entry.action, entry.changes) == ("rename", {"name": ["Meanwhile", "New"]})


def test_save_that_changes_nothing_records_nothing():
    trail.save(OrganisationFactory(), by=None)

    assert not Entry.objects.exists()


def test_save_of_only_a_secret_records_nothing():
    user = UserFactory()
    user.set_password("another password")

    trail.save(user, by=user)

    assert not Entry.objects.exists()
    assert User.objects.get().check_password("another password")


def test_delete_keeps_what_the_row_held():
    organisation = OrganisationFactory(name="Mistake")
    pk = organisation.pk

    trail.delete(organisation, by=None)

    assert not Organisation.objects.filter(pk=pk).exists()
    entry = Entry.objects.get(object_id=str(pk))
    assert (entry.action, entry.facts["held"]["name"]) == ("delete", "Mistake")


def test_record_many_writes_one_entry_per_object():
    organisations = OrganisationFactory.create_batch(3)

    with transaction.atomic():
        trail.record_many("import", organisations, facts={"file": "a.csv"})

    assert [entry.number for entry in Entry.objects.all()] == [1, 2, 3]
    assert all(trail.entries_for(organisation).get().facts == {"file": "a.csv"} for organisation in organisations)
    assert list(trail.find_breaks()) == []


# Chains


def test_each_project_has_its_own_chain_and_the_house_one():
    one, two = ProjectFactory(), ProjectFactory()

    for obj in (one, two, OrganisationFactory(), one):
        record(obj)

    lengths = dict(Chain.objects.values_list("name", "length"))
    assert lengths == {f"project:{one.pk}": 2, f"project:{two.pk}": 1, "house": 1}
    assert [entry.number for entry in trail.entries_of_project(one.pk)] == [1, 2]


def test_each_entry_holds_the_hash_of_the_one_before():
    organisation = OrganisationFactory()

    first, second = record(organisation), record(organisation)

    assert (first.previous_hash, second.previous_hash) == ("", first.hash)
    assert Chain.objects.get().head == second.hash


def test_record_costs_three_queries(django_assert_num_queries):
    organisation = OrganisationFactory()
    record(organisation)

    with transaction.atomic(), django_assert_num_queries(3):
        trail.record("edit", organisation, facts={"reason": "x"})


@pytest.mark.django_db(transaction=True)
def test_two_who_append_at_once_make_one_chain():
    organisation = OrganisationFactory()
    start = threading.Barrier(4)

    def append():
        start.wait()
        for _ in range(5):
            record(organisation)
        connection.close()

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [entry.number for entry in Entry.objects.all()] == list(range(1, 21))
    assert list(trail.find_breaks()) == []


def values():
    scalars = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.decimals()
        | st.datetimes(timezones=st.just(UTC))
        | st.dates()
        | st.uuids()
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
    )
    return st.dictionaries(st.text(st.characters(categories=["L", "N"]), max_size=5), scalars | st.lists(scalars))


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=values())
def test_what_the_database_gives_back_still_matches_its_hash(facts):
    entry = record(OrganisationFactory.build(pk=1), facts=facts)

    stored = Entry.objects.select_related("chain").get(pk=entry.pk)
    assert stored.hash == trail.entry_hash(stored.chain.name, stored)


def test_facts_may_be_lazy_words_numbers_and_ids():
    facts = {"why": gettext_lazy("Saved."), "share": Decimal("0.10"), "id": UUID(int=7), "ratio": 1e16}

    assert record(OrganisationFactory(), facts=facts).facts == {
        "why": "Saved.",
        "share": "0.10",
        "id": "00000000-0000-0000-0000-000000000007",
        "ratio": "1e+16",
    }


# Never altered


def test_entry_cannot_be_saved_or_deleted_in_python():
    entry = record(OrganisationFactory())
    entry.action = "other"

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


STATEMENTS = ["UPDATE audit_entry SET action = 'other'", "DELETE FROM audit_entry", "TRUNCATE audit_entry CASCADE"]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_database_refuses_what_alters_an_entry(statement):
    if statement.startswith("TRUNCATE") and connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    record(OrganisationFactory())

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is pending would be refused for another reason
        with pytest.raises(DatabaseError, match="audit_entry is append-only"), transaction.atomic():
            cursor.execute(statement)
    assert Entry.objects.count() == 1


def test_queryset_update_and_delete_are_refused_too():
    record(OrganisationFactory())

    for alter in (lambda: Entry.objects.update(action="other"), Entry.objects.all().delete):
        with pytest.raises(DatabaseError, match="audit_entry is append-only"), transaction.atomic():
            alter()


def test_find_breaks_takes_no_entry_for_missing_that_is_appended_while_it_reads(monkeypatch):
    organisation = OrganisationFactory()
    record(organisation)
    read = trail._in_order

    def read_while_others_write(chain):
        record(organisation)
        yield from read(chain)
        record(organisation)

    monkeypatch.setattr(trail, "_in_order", read_while_others_write)
    assert list(trail.find_breaks()) == []
