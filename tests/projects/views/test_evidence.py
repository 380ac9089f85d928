import pytest
from django.urls import reverse

from projects.domain import exports
from projects.enums import ExportState, Role
from projects.models import EvidenceExport
from tests.projects.factories import ProjectFactory, member

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
