from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from delivery.enums import DeliverableState, Raci
from delivery.models import Deliverable
from projects.enums import Role
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


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(client, project):
    user = member(project, Role.PROJECT_MANAGER)
    client.force_login(user)
    return user


def url(name, deliverable, *args):
    return reverse(f"delivery:{name}", args=[deliverable.project.key, deliverable.number, *args])


def state_of(deliverable):
    return Deliverable.objects.get(pk=deliverable.pk).state


@pytest.mark.parametrize("rows", [1, 100])
def test_list_costs_the_same_with_one_row_and_with_a_hundred(
    client, project, manager, django_assert_max_num_queries, rows
):
    phase = PhaseFactory(project=project)
    for deliverable in DeliverableFactory.create_batch(rows, project=project, phase=phase):
        RaciFactory(deliverable=deliverable, person=manager)
    with django_assert_max_num_queries(10):
        response = client.get(reverse("delivery:deliverable_list", args=[project.key]))
    assert response.context["page"].total == rows


def test_detail_costs_at_most_twelve_queries(client, project, manager, django_assert_max_num_queries):
    deliverable = approved(project)
    for _ in range(10):
        ReviewFactory(version=VersionFactory(deliverable=deliverable))
        RaciFactory(deliverable=deliverable, letter=Raci.CONSULTED)
    with django_assert_max_num_queries(12):
        assert client.get(deliverable.get_absolute_url()).status_code == 200


def test_list_answers_htmx_with_the_table_alone(client, project, manager):
    response = client.get(reverse("delivery:deliverable_list", args=[project.key]), headers={"HX-Request": "true"})
    assert response.templates[0].name == "delivery/_deliverable_table.html"


def test_list_filters_by_state_phase_and_who_is_accountable(client, project, manager):
    mine = drafted(project, title="Charter")
    RaciFactory(deliverable=mine, person=manager)
    approved(project, title="Charter of old", phase=mine.phase)
    drafted(project, title="Another charter", phase=mine.phase)
    response = client.get(
        reverse("delivery:deliverable_list", args=[project.key]),
        {"q": "chart", "phase": mine.phase.number, "state": "unapproved", "accountable": manager.pk},
    )
    assert response.context["page"].rows == [mine]


def test_list_shows_the_customer_what_is_shared(client, project):
    DeliverableFactory(project=project)
    shared = DeliverableFactory(project=project, shared=True)
    client.force_login(member(project, Role.SPONSOR))
    response = client.get(reverse("delivery:deliverable_list", args=[project.key]))
    assert response.context["page"].rows == [shared]


def test_list_says_what_is_overdue(client, project, manager):
    DeliverableFactory(project=project, due_on=date(2026, 1, 5))
    approved(project, due_on=date(2026, 1, 5))
    rows = client.get(reverse("delivery:deliverable_list", args=[project.key])).context["page"].rows
    assert sorted(row.is_late for row in rows) == [False, True]


def form_data(phase, **changes):
    return {"title": "Charter", "phase": phase.pk, "kind": "document", "audience": "customer"} | changes


def test_add_registers_a_deliverable(client, project, manager):
    phase = PhaseFactory(project=project)
    response = client.post(reverse("delivery:deliverable_add", args=[project.key]), form_data(phase))
    deliverable = Deliverable.objects.get()
    assert (response.url, deliverable.title, deliverable.phase) == (deliverable.get_absolute_url(), "Charter", phase)


def test_add_begins_with_the_phase_of_the_address(client, project, manager):
    phase = PhaseFactory(project=project)
    address = reverse("delivery:deliverable_add", args=[project.key])
    assert client.get(address, {"phase": phase.number}).context["form"].initial["phase"] == phase
    assert client.get(address, {"phase": "x"}).context["form"].initial["phase"] is None


@pytest.mark.parametrize("wrong", [{"title": ""}, {"kind": "thing"}, {"due_on": "31.4."}])
def test_add_says_what_is_wrong(client, project, manager, wrong):
    data = form_data(PhaseFactory(project=project), **wrong)
    response = client.post(reverse("delivery:deliverable_add", args=[project.key]), data)
    assert list(response.context["form"].errors) == list(wrong)


def test_edit_says_why_it_cannot_hide_what_a_customer_has_a_part_in(client, project, manager):
    deliverable = DeliverableFactory(project=project, shared=True)
    RaciFactory(deliverable=deliverable, person=member(project, Role.SPONSOR, name="Lin Lihua"), letter="I")
    response = client.post(url("deliverable_edit", deliverable), form_data(deliverable.phase, audience="team"))
    assert "Lin Lihua" in str(response.context["form"].non_field_errors())


def test_delete_takes_a_planned_deliverable_out(client, project, manager):
    deliverable = DeliverableFactory(project=project)
    response = client.post(url("deliverable_delete", deliverable))
    assert response.url == reverse("delivery:deliverable_list", args=[project.key])
    assert not Deliverable.objects.exists()


def test_template_is_a_file_of_the_headings(client, project, manager):
    deliverable = DeliverableFactory(project=project, title="Charter", template="1. Scope\n2. Risks")
    response = client.get(url("deliverable_template", deliverable))
    assert response.content.decode("utf-8-sig") == "# Charter\r\n\r\n1. Scope\n2. Risks\r\n"
    assert response["Content-Disposition"] == 'attachment; filename="DL-001.md"'


def upload(content=b"hello", name="charter.txt"):
    return {"file": SimpleUploadedFile(name, content), "note": "First draft"}


def test_upload_makes_the_first_version_and_download_gives_it_back(client, project, manager):
    deliverable = DeliverableFactory(project=project)
    client.post(url("version_upload", deliverable), upload())
    version = deliverable.versions.get()
    assert (version.number, version.name, version.note, version.uploaded_by) == (
        1,
        "charter.txt",
        "First draft",
        manager,
    )
    response = client.get(url("version_download", deliverable, 1))
    assert b"".join(response.streaming_content) == b"hello"
    assert response["Content-Disposition"] == 'attachment; filename="charter.txt"'


def test_upload_says_why_a_file_is_refused(client, project, manager):
    deliverable = DeliverableFactory(project=project)
    response = client.post(url("version_upload", deliverable), upload(b"MZ\x00\x00", "tool.exe"))
    assert response.context["version_form"].errors.keys() == {"file"}
    assert not deliverable.versions.exists()


def test_upload_by_a_customer_who_is_responsible(client, project):
    deliverable, user = DeliverableFactory(project=project, shared=True), member(project, Role.KEY_USER)
    client.force_login(user)
    assert client.post(url("version_upload", deliverable), upload()).status_code == 403
    RaciFactory(deliverable=deliverable, person=user, letter=Raci.RESPONSIBLE)
    client.post(url("version_upload", deliverable), upload())
    assert deliverable.versions.get().uploaded_by == user


@pytest.mark.parametrize(("letter", "status"), [("", 403), ("I", 403), ("C", 302), ("A", 302)])
def test_customer_reviews_with_a_part_in_it(client, project, letter, status):
    deliverable, user = in_review(project, shared=True), member(project, Role.KEY_USER)
    if letter:
        RaciFactory(deliverable=deliverable, person=user, letter=letter)
    client.force_login(user)
    response = client.post(url("deliverable_review", deliverable), {"verdict": "approve", "version": 1})
    assert response.status_code == status
    assert (state_of(deliverable) == DeliverableState.APPROVED) == (status == 302)


@pytest.mark.parametrize(("letter", "status"), [("", 403), ("C", 403), ("R", 403), ("A", 302)])
def test_team_reviews_when_accountable(client, project, letter, status):
    deliverable, user = in_review(project), member(project, Role.ENGINEER)
    if letter:
        RaciFactory(deliverable=deliverable, person=user, letter=letter)
    client.force_login(user)
    response = client.post(url("deliverable_review", deliverable), {"verdict": "approve", "version": 1})
    assert response.status_code == status


def test_review_returns_with_a_comment_only(client, project, manager):
    deliverable = in_review(project)
    address = url("deliverable_review", deliverable)
    response = client.post(address, {"verdict": "return", "version": 1, "comment": ""})
    assert response.context["review_form"].errors.keys() == {"comment"}
    client.post(address, {"verdict": "return", "version": 1, "comment": "The scope is missing."})
    assert state_of(deliverable) == DeliverableState.DRAFT


def test_review_of_ones_own_version_is_refused_in_words(client, project, manager):
    deliverable = DeliverableFactory(project=project, state=DeliverableState.IN_REVIEW)
    VersionFactory(deliverable=deliverable, uploaded_by=manager)
    assert client.get(deliverable.get_absolute_url()).context["can_review"] is False
    response = client.post(url("deliverable_review", deliverable), {"verdict": "approve", "version": 1}, follow=True)
    assert "Somebody else must review it" in response.content.decode()
    assert state_of(deliverable) == DeliverableState.IN_REVIEW


def test_submit_and_reopen(client, project, manager):
    draft, done = drafted(project), approved(project)
    client.post(url("deliverable_submit", draft))
    client.post(url("deliverable_reopen", done), {"reason": "The law changed."})
    assert (state_of(draft), state_of(done)) == (DeliverableState.IN_REVIEW, DeliverableState.DRAFT)


def test_page_offers_what_the_state_allows(client, project, manager):
    offers = {}
    for make in (lambda project: DeliverableFactory(project=project), drafted, in_review, approved):
        context = client.get(make(project).get_absolute_url()).context
        names = ("can_upload", "can_submit", "can_review", "can_reopen")
        offers[context["deliverable"].state] = [name for name in names if context[name]]
    assert offers == {
        "planned": ["can_upload"],
        "draft": ["can_upload", "can_submit"],
        "in_review": ["can_review"],
        "approved": ["can_reopen"],
    }


def test_phase_fragment_counts_what_is_approved(client, project, manager):
    phase = PhaseFactory(project=project)
    approved(project, phase=phase)
    drafted(project, phase=phase)
    drafted(project)
    content = client.get(reverse("delivery:phase_deliverables", args=[project.key, phase.number])).content.decode()
    assert "1 of 2 approved" in content
