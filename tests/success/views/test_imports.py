import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.enums import Role
from success.models import Check, CheckImport
from tests.projects.factories import ProjectFactory, member
from tests.success.factories import CheckImportFactory
from tests.success.samples import DATA

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(client):
    project = ProjectFactory()
    client.force_login(member(project, Role.CSM))

    def send(content, name="checks.csv"):
        url = reverse("success:check_import", args=[project.key])
        return client.post(url, {"file": SimpleUploadedFile(name, content)}, follow=True)

    return send


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_check_import_takes_the_sample_and_the_same_again_changes_nothing(send):
    content = (DATA / "checks.csv").read_bytes()
    assert said(send(content)) == ["332 new checks imported, 0 were known already; new systems: 18."]
    assert said(send(content)) == ["This file was imported before; nothing has changed."]
    assert (Check.objects.count(), CheckImport.objects.count()) == (332, 1)


def test_check_import_writes_a_refusal_at_the_field(send):
    answer = send(b"task,start\nBlueprint,2026-08-01\n")
    assert answer.status_code == 200
    (error,) = answer.context["form"].errors["file"]
    assert error.startswith("Row 1: These are not the columns")
    assert not CheckImport.objects.exists()


def test_check_import_refuses_what_is_too_large(send, settings):
    settings.UPLOAD_MAX_BYTES = 100
    assert "larger than" in send(b"x" * 101).context["form"].errors["file"][0]


def test_check_import_does_not_trust_the_name_of_the_file(send):
    content = (DATA / "checks.csv").read_bytes()
    send(content, name='"><script>alert(1)</script>.csv')
    answer = send(b"x", name="y.csv")
    assert b"<script>alert" not in answer.content


@pytest.mark.parametrize("rows", [1, 100])
def test_check_import_page_costs_the_same_with_one_row_and_a_hundred(client, rows, django_assert_max_num_queries):
    project = ProjectFactory()
    client.force_login(member(project, Role.PROJECT_MANAGER))
    CheckImportFactory.create_batch(rows, project=project)
    with django_assert_max_num_queries(10):
        client.get(reverse("success:check_import", args=[project.key]))
