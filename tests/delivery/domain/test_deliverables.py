from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from audit.domain import trail
from delivery.domain import deliverables
from delivery.domain.errors import (
    CustomerHasPart,
    DeliverableInUse,
    DeliverableMoveNotAllowed,
    ForeignPhase,
    OwnVersion,
    ReviewedMeanwhile,
    VersionMissing,
)
from delivery.enums import DeliverableState, Raci, ReviewVerdict
from delivery.models import Deliverable, DeliverableReview, DeliverableVersion
from notices.models import Message
from projects.domain.discussions import add_comment
from projects.domain.errors import FileTypeNotAllowed
from projects.enums import Audience, Role
from tests.accounts.factories import UserFactory
from tests.delivery.factories import (
    DeliverableFactory,
    RaciFactory,
    ReviewFactory,
    VersionFactory,
    approved,
    drafted,
    in_review,
)
from tests.projects.factories import PhaseFactory, ProjectFactory, member

pytestmark = pytest.mark.django_db
MAKE = {
    DeliverableState.PLANNED: lambda project: DeliverableFactory(project=project),
    DeliverableState.DRAFT: drafted,
    DeliverableState.IN_REVIEW: in_review,
    DeliverableState.APPROVED: approved,
}
ACT = {
    "draft": lambda pk: deliverables.upload_version(pk, text_file(), by=UserFactory()),
    "submit": lambda pk: deliverables.submit(pk, by=UserFactory()),
    "approve": lambda pk: deliverables.approve(pk, by=UserFactory(), version=1),
    "send_back": lambda pk: deliverables.send_back(pk, by=UserFactory(), version=1, comment="Scope is missing."),
    "reopen": lambda pk: deliverables.reopen(pk, by=UserFactory(), reason="The law changed."),
}


@pytest.fixture
def project():
    return ProjectFactory()


def text_file(text=b"Charter, first draft\n", name="charter.txt"):
    return SimpleUploadedFile(name, text, content_type="text/plain")


def told(user):
    return list(Message.objects.in_app_of(user).values_list("subject", flat=True))


@pytest.mark.parametrize("state", list(DeliverableState))
@pytest.mark.parametrize("move", list(deliverables.MOVES))
def test_each_move_starts_from_its_states_alone(project, move, state):
    deliverable = MAKE[state](project)
    sources, target = deliverables.MOVES[move]
    assert (move in deliverables.moves_of(deliverable)) == (state in sources)
    if state not in sources:
        with pytest.raises(DeliverableMoveNotAllowed):
            ACT[move](deliverable.pk)
        return
    ACT[move](deliverable.pk)
    deliverable.refresh_from_db()
    assert deliverable.state == target


def test_create_deliverable_numbers_and_records(project):
    by, phase = UserFactory(), PhaseFactory(project=project)
    deliverable = deliverables.create_deliverable(project, by=by, phase=phase, title="Charter")
    assert (deliverable.code, deliverable.state) == ("DL-001", DeliverableState.PLANNED)
    assert [entry.action for entry in trail.entries_for(deliverable)] == ["create"]


def test_create_deliverable_refuses_a_phase_of_another_project(project):
    with pytest.raises(ForeignPhase):
        deliverables.create_deliverable(project, by=UserFactory(), phase=PhaseFactory(), title="Charter")


def test_edit_deliverable_records_what_differs(project):
    deliverable = DeliverableFactory(project=project, title="Old")
    deliverables.edit_deliverable(deliverable.pk, by=UserFactory(), title="New", due_on=date(2026, 5, 4))
    assert trail.entries_for(deliverable).get().changes == {"title": ["Old", "New"], "due_on": [None, "2026-05-04"]}


def test_edit_deliverable_does_not_hide_it_from_a_customer_who_has_a_part(project):
    deliverable = DeliverableFactory(project=project, shared=True)
    RaciFactory(deliverable=deliverable, person=member(project, Role.KEY_USER), letter=Raci.CONSULTED)
    with pytest.raises(CustomerHasPart):
        deliverables.edit_deliverable(deliverable.pk, by=UserFactory(), audience=Audience.TEAM)


def test_delete_deliverable_takes_out_what_nobody_worked_on(project):
    deliverable = DeliverableFactory(project=project)
    RaciFactory(deliverable=deliverable)
    deliverables.delete_deliverable(deliverable.pk, by=UserFactory())
    assert not Deliverable.objects.exists()


def test_delete_deliverable_keeps_what_was_worked_on_or_spoken_about(project):
    spoken_about = DeliverableFactory(project=project)
    add_comment(spoken_about, "Do we need it?", by=member(project, Role.CONSULTANT))
    for deliverable in (drafted(project), spoken_about):
        with pytest.raises(DeliverableInUse):
            deliverables.delete_deliverable(deliverable.pk, by=UserFactory())


def test_upload_version_keeps_file_and_fingerprint_and_counts_on(project):
    deliverable, by = DeliverableFactory(project=project), UserFactory()
    first = deliverables.upload_version(deliverable.pk, text_file(b"hello"), by=by, note="First draft")
    second = deliverables.upload_version(deliverable.pk, text_file(b"hello again"), by=by)
    assert [first.number, second.number] == [1, 2]
    assert first.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    with default_storage.open(first.file.name) as file:
        assert file.read() == b"hello"
    assert [entry.action for entry in trail.entries_for(deliverable)] == ["draft"]
    assert [entry.action for entry in trail.entries_for(second)] == ["upload"]


def test_upload_version_refuses_a_file_by_its_content_and_keeps_nothing(project):
    deliverable = DeliverableFactory(project=project)
    with pytest.raises(FileTypeNotAllowed):
        deliverables.upload_version(deliverable.pk, text_file(b"MZ\x00\x00", "charter.exe"), by=UserFactory())
    deliverable.refresh_from_db()
    assert (deliverable.versions.count(), deliverable.state) == (0, DeliverableState.PLANNED)


def test_upload_version_in_review_leaves_no_file(project):
    deliverable = in_review(project)
    stored = set(default_storage.listdir(f"deliverables/{project.pk}")[1])
    with pytest.raises(DeliverableMoveNotAllowed):
        deliverables.upload_version(deliverable.pk, text_file(), by=UserFactory())
    assert set(default_storage.listdir(f"deliverables/{project.pk}")[1]) == stored


def test_submit_tells_who_is_accountable(project):
    deliverable, author = drafted(project), UserFactory()
    owner = RaciFactory(deliverable=deliverable).person
    manager = member(project, Role.PROJECT_MANAGER)
    deliverables.submit(deliverable.pk, by=author)
    assert told(owner) == [f"Please review {deliverable.code}: {deliverable.title}"]
    assert told(manager) == []


def test_submit_tells_the_managers_of_a_version_by_who_is_accountable(project):
    deliverable = drafted(project)
    author = deliverable.versions.get().uploaded_by
    RaciFactory(deliverable=deliverable, person=author)
    manager = member(project, Role.PROJECT_MANAGER)
    deliverables.submit(deliverable.pk, by=author)
    assert told(manager) == [f"Please review {deliverable.code}: {deliverable.title}"]


def test_submit_asks_for_a_new_version_after_a_return(project):
    deliverable = in_review(project)
    deliverables.send_back(deliverable.pk, by=UserFactory(), version=1, comment="The scope is missing.")
    with pytest.raises(VersionMissing):
        deliverables.submit(deliverable.pk, by=UserFactory())
    deliverables.upload_version(deliverable.pk, text_file(), by=UserFactory())
    assert deliverables.submit(deliverable.pk, by=UserFactory()).state == DeliverableState.IN_REVIEW


def test_approve_names_the_version_and_tells_its_author_and_who_is_informed(project):
    deliverable, reviewer = in_review(project), UserFactory()
    informed = RaciFactory(deliverable=deliverable, letter=Raci.INFORMED).person
    version = deliverable.versions.get()
    deliverable = deliverables.approve(deliverable.pk, by=reviewer, version=1, comment="Complete.")
    assert (deliverable.approved_version, deliverable.approved_by) == (version, reviewer)
    assert (version.review.verdict, version.review.comment) == (ReviewVerdict.APPROVED, "Complete.")
    assert len(told(version.uploaded_by)) == len(told(informed)) == 1
    assert trail.entries_for(deliverable).get().facts == {"version": 1, "reason": "Complete."}


@pytest.mark.parametrize("decide", ["approve", "send_back"])
def test_nobody_reviews_their_own_version(project, decide):
    deliverable = in_review(project)
    author = deliverable.versions.get().uploaded_by
    with pytest.raises(OwnVersion):
        getattr(deliverables, decide)(deliverable.pk, by=author, version=1, comment="Fine.")
    deliverable.refresh_from_db()
    assert deliverable.state == DeliverableState.IN_REVIEW


def test_approve_refuses_a_version_that_is_not_the_newest(project):
    deliverable = in_review(project)
    VersionFactory(deliverable=deliverable)
    with pytest.raises(ReviewedMeanwhile):
        deliverables.approve(deliverable.pk, by=UserFactory(), version=1)


def test_send_back_tells_author_and_responsible_people_why(project):
    deliverable = in_review(project)
    responsible = RaciFactory(deliverable=deliverable, letter=Raci.RESPONSIBLE).person
    deliverables.send_back(deliverable.pk, by=UserFactory(), version=1, comment="The scope is missing.")
    for person in (deliverable.versions.get().uploaded_by, responsible):
        assert "The scope is missing." in Message.objects.in_app_of(person).get().body


def test_reopen_empties_the_approval_and_keeps_the_review(project):
    deliverable = approved(project)
    deliverable = deliverables.reopen(deliverable.pk, by=UserFactory(), reason="The law changed.")
    assert (deliverable.approved_version, deliverable.approved_at, deliverable.approved_by) == (None, None, None)
    assert deliverable.versions.get().review.verdict == ReviewVerdict.APPROVED
    assert trail.entries_for(deliverable).get().facts == {"reason": "The law changed."}


@pytest.mark.parametrize("row", ["version", "review"])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_versions_and_reviews_are_never_changed(project, row, act):
    approved(project)
    rows = (DeliverableVersion if row == "version" else DeliverableReview).objects.all()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(id=1) if act == "update" else rows._raw_delete(rows.db)


def test_the_database_holds_that_nobody_reviews_their_own_version(project):
    version = VersionFactory()
    with pytest.raises(IntegrityError, match="delivery_review_is_not_of_ones_own"):
        ReviewFactory(version=version, reviewed_by=version.uploaded_by)


@pytest.mark.parametrize(
    ("make", "constraint"),
    [
        (lambda: DeliverableFactory(state="approved"), "delivery_deliverable_approval_matches_state"),
        (lambda: DeliverableFactory(approved_by=UserFactory()), "delivery_deliverable_approval_matches_state"),
        (lambda: DeliverableFactory(kind="thing"), "delivery_deliverable_kind_is_known"),
        (lambda: DeliverableFactory(state="lost"), "delivery_deliverable_state_is_known"),
        (lambda: VersionFactory(number=0), "delivery_version_counts_from_1"),
        (lambda: ReviewFactory(verdict="returned"), "delivery_review_return_has_a_reason"),
        (lambda: ReviewFactory(verdict="maybe"), "delivery_review_verdict_is_known"),
        (lambda: RaciFactory(letter="X"), "delivery_raci_letter_is_known"),
    ],
)
def test_constraint(make, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make()
