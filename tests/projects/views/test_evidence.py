import pytest
from django.urls import reverse
from django.utils import timezone

from projects.domain import exports
from projects.enums import ExportState, Role
from projects.models import EvidenceExport, Project
from tests.accounts.factories import UserFactory
from tests.projects.factories import AttachmentFactory, ProjectFactory, member

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def project(client):
    made = ProjectFactory()
    client.force_login(member(made, Role.PROJECT_MANAGER))
    return made


@pytest.fixture
def page(project):
    return reverse("projects:evidence", args=[project.key])


def test_evidence_asks_for_an_export_and_shows_it_under_way(client, project, page):
    response = client.post(page, {"audience": "customer"}, follow=True)

    export = EvidenceExport.objects.get()
    line = reverse("projects:evidence_export", args=[project.key, export.pk])
    assert "The export is being made. You will be told when it is there." in response.text
    assert f'hx-get="{line}"' in response.text
    assert (export.audience, export.project) == ("customer", project)


def test_evidence_says_that_one_is_under_way(client, page):
    client.post(page, {"audience": "team"})

    response = client.post(page, {"audience": "team"}, follow=True)

    assert "An export of this kind is being made already." in response.text


def test_evidence_export_stops_asking_and_offers_the_file(client, project, page):
    client.post(page, {"audience": "team"})
    export = EvidenceExport.objects.get()
    exports.make_export(export.pk)
    export.refresh_from_db()

    line = client.get(reverse("projects:evidence_export", args=[project.key, export.pk]), headers=HTMX).text
    file = client.get(reverse("projects:evidence_file", args=[project.key, export.pk]))

    assert "hx-get" not in line
    assert export.sha256 in line
    assert file.getvalue().startswith(b"PK")
    assert file["Content-Disposition"] == f'attachment; filename="{export.file_name}"'


def test_evidence_export_without_htmx_is_the_page(client, project, page):
    client.post(page, {"audience": "team"})

    response = client.get(reverse("projects:evidence_export", args=[project.key, EvidenceExport.objects.get().pk]))

    assert response["Location"] == page


@pytest.mark.parametrize("state", [ExportState.WAITING, ExportState.FAILED])
def test_evidence_file_is_not_there_before_it_is_ready(client, project, page, state):
    client.post(page, {"audience": "team"})
    EvidenceExport.objects.update(state=state)

    response = client.get(reverse("projects:evidence_file", args=[project.key, EvidenceExport.objects.get().pk]))

    assert response.status_code == 404


def test_evidence_file_of_another_project_does_not_exist(client, project):
    other = ProjectFactory()
    export = exports.request_export(other, audience="team", by=member(other, Role.PROJECT_MANAGER))
    exports.make_export(export.pk)

    response = client.get(reverse("projects:evidence_file", args=[project.key, export.pk]))

    assert response.status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_evidence_asks_the_same_queries_for_many(client, project, page, count, django_assert_max_num_queries):
    manager = project.memberships.get().user
    EvidenceExport.objects.bulk_create(
        EvidenceExport(project=project, requested_by=manager, state=ExportState.FAILED) for _n in range(count)
    )

    with django_assert_max_num_queries(10):
        client.get(page)


@pytest.fixture
def administrator(client, project):
    person = UserFactory(administrator=True)
    client.force_login(person)
    return person


def test_evidence_tells_the_manager_how_long_files_are_kept_and_offers_no_change(client, project, page):
    project.keep_months = 24
    project.save()

    text = client.get(page).text

    assert "The attached files are kept for 24 months after the project is closed, then removed." in " ".join(
        text.split()
    )
    assert reverse("projects:retention_edit", args=[project.key]) not in text
    assert reverse("projects:hold_place", args=[project.key]) not in text


def test_retention_edit_saves_months_and_for_ever(client, administrator, project):
    url = reverse("projects:retention_edit", args=[project.key])

    client.post(url, {"keep_months": "24"})
    assert Project.objects.get(pk=project.pk).keep_months == 24
    client.post(url, {"keep_months": ""})
    assert Project.objects.get(pk=project.pk).keep_months is None


@pytest.mark.parametrize("months", ["0", "1201", "x"])
def test_retention_edit_shows_what_is_wrong(client, administrator, project, months):
    response = client.post(reverse("projects:retention_edit", args=[project.key]), {"keep_months": months})

    assert list(response.context["retention_form"].errors) == ["keep_months"]


def test_hold_is_placed_shown_and_lifted(client, administrator, project, page):
    place, lift = (reverse(f"projects:{name}", args=[project.key]) for name in ("hold_place", "hold_lift"))

    assert list(client.post(place, {"reason": " "}).context["hold_form"].errors) == ["reason"]
    shown = client.post(place, {"reason": "Dispute over the stock"}, follow=True).text
    again = client.post(place, {"reason": "Another"}, follow=True).text
    lifted = client.post(lift, {"reason": "Settled out of court"}, follow=True).text

    assert "Dispute over the stock" in shown
    assert "A legal hold stands already." in again
    assert "Settled out of court" in lifted
    assert "Place a legal hold" in lifted


def test_attachment_that_was_removed_is_named_and_cannot_be_fetched(client, project):
    attachment = AttachmentFactory(project=project, name="plan.pdf", removed_at=timezone.now(), file="")

    page = client.get(attachment.target.get_absolute_url()).text
    answer = client.get(reverse("projects:attachment", args=[project.key, attachment.pk]))

    assert "plan.pdf" in page
    assert "removed when its time of keeping was over" in page
    assert answer.status_code == 404
