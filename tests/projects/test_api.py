import pytest
from rest_framework.test import APIClient

from accounts.models import User
from projects.enums import Audience, PhaseItemKind, PhaseState, ProjectState, Role
from projects.models import Attachment, Comment, PhaseItem, Project
from tests.accounts.factories import OrganisationFactory, UserFactory
from tests.projects.factories import AttachmentFactory, CommentFactory, PhaseFactory, ProjectFactory, member
from tests.projects.uploads import upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def api():
    return APIClient()


@pytest.fixture
def manager(api, project):
    user = member(project, Role.PROJECT_MANAGER)
    api.force_authenticate(user)
    return user


def path(project, rest=""):
    return f"/api/v1/projects/{project.key}/{rest}"


def test_projects_lists_ones_own(api, project, manager):
    ProjectFactory()

    assert [row["key"] for row in api.get("/api/v1/projects/").data["results"]] == [project.key]


@pytest.mark.parametrize("size", [1, 100])
def test_projects_cost_the_same_for_many(api, size, django_assert_max_num_queries):
    for _ in range(size):
        ProjectFactory()
    api.force_authenticate(UserFactory(administrator=True))

    with django_assert_max_num_queries(10):
        api.get("/api/v1/projects/?page_size=100")


def test_projects_starts_one_from_a_playbook(api, manager):
    customer = OrganisationFactory()
    data = {
        "key": "HX-ERP",
        "name": "ERP",
        "customer": customer.name,
        "language": "en",
        "playbook": "erp_rollout",
        "starts_on": "2026-03-02",
    }

    response = api.post("/api/v1/projects/", data, format="json")

    assert (response.status_code, response.data["go_live_on"]) == (201, "2026-08-31")
    assert Project.objects.get(key="HX-ERP").memberships.get().user == manager
    assert api.post("/api/v1/projects/", data, format="json").status_code == 400


def test_projects_refuses_what_the_domain_refuses(api, manager):
    data = {
        "key": "HX-ERP",
        "name": "ERP",
        "customer": OrganisationFactory().name,
        "language": "en",
        "playbook": "erp_rollout",
        "starts_on": "2026-03-02",
        "go_live_on": "2026-03-10",
    }

    response = api.post("/api/v1/projects/", data, format="json")

    assert (response.status_code, response.data["detail"]) == (
        409,
        "From the start to go-live this playbook needs at least 56 days.",
    )


def test_projects_are_started_by_managers_only(api, project):
    api.force_authenticate(member(project, Role.CONSULTANT))

    assert api.post("/api/v1/projects/", {}, format="json").status_code == 403


@pytest.mark.parametrize(("role", "status"), [(Role.PROJECT_MANAGER, 200), (Role.CONSULTANT, 403), (Role.SPONSOR, 403)])
def test_project_is_edited_and_moved_by_its_manager(api, project, role, status):
    api.force_authenticate(member(project, role))

    assert api.patch(path(project), {"name": "New"}, format="json").status_code == status
    assert api.post(path(project, "close/")).status_code == status
    project.refresh_from_db()
    assert (project.name == "New", project.state == ProjectState.CLOSED) == (status == 200, status == 200)


def test_project_is_hidden_from_strangers(api, project):
    api.force_authenticate(member(ProjectFactory(), Role.PROJECT_MANAGER))

    for rest in ["", "members/", "phases/", "comments/", "attachments/"]:
        assert api.get(path(project, rest)).status_code == 404


def test_project_refuses_a_go_live_before_the_start(api, project, manager):
    assert api.patch(path(project), {"go_live_on": "2020-01-01"}, format="json").status_code == 400


def test_members_are_added_changed_and_removed(api, project, manager):
    data = {
        "email": "li.na@example.com",
        "name": "Li Na",
        "organisation": project.customer.name,
        "language": "zh-hans",
        "roles": ["sponsor"],
    }

    added = api.post(path(project, "members/"), data, format="json")
    assert (added.status_code, [row["role"] for row in added.data]) == (201, ["sponsor"])
    person = User.objects.get(email="li.na@example.com")

    changed = api.put(path(project, f"members/{person.pk}/"), {"roles": ["key_user"]}, format="json")
    assert [row["role"] for row in changed.data] == ["key_user"]

    assert api.delete(path(project, f"members/{person.pk}/")).status_code == 204
    assert api.delete(path(project, f"members/{person.pk}/")).status_code == 404


def test_members_refuses_a_role_of_the_other_side(api, project, manager):
    response = api.put(path(project, f"members/{manager.pk}/"), {"roles": ["sponsor"]}, format="json")

    assert response.status_code == 409


def test_members_are_changed_by_the_manager_only(api, project):
    user = member(project, Role.TESTER)
    api.force_authenticate(user)

    assert api.get(path(project, "members/")).status_code == 200
    assert api.put(path(project, f"members/{user.pk}/"), {"roles": ["tester"]}, format="json").status_code == 403


def test_phases_move_and_tick(api, project, manager):
    phase = PhaseFactory(project=project)
    check = PhaseItem.objects.create(phase=phase, kind=PhaseItemKind.CHECK, position=1, text="Signed")
    base = f"phases/{phase.number}"

    assert api.post(path(project, f"{base}/start/")).data["state"] == PhaseState.ACTIVE
    assert api.post(path(project, f"{base}/finish/")).status_code == 409
    assert api.post(path(project, f"{base}/items/{check.pk}/tick/")).data["done_by"] == manager.name
    assert api.post(path(project, f"{base}/finish/")).data["state"] == PhaseState.DONE
    assert api.patch(path(project, f"{base}/"), {"name": "Build"}, format="json").data["name"] == "Build"


def test_phase_items_keep_risks_from_the_customer(api, project):
    phase = PhaseFactory(project=project)
    for kind in PhaseItemKind:
        PhaseItem.objects.create(phase=phase, kind=kind, position=1, text=kind.label)

    api.force_authenticate(member(project, Role.SPONSOR))
    kinds = {row["kind"] for row in api.get(path(project, f"phases/{phase.number}/items/")).data}

    assert kinds == {"input", "output", "check"}


def test_comments_are_written_and_read_about_one_object(api, project):
    phase = PhaseFactory(project=project)
    CommentFactory(project=project, target=phase, text="Between us")
    about = {"target": "projects.phase", "number": str(phase.number)}
    api.force_authenticate(member(project, Role.KEY_USER))

    response = api.post(path(project, "comments/"), {**about, "text": "It fails.", "audience": "team"}, format="json")

    assert (response.status_code, response.data["audience"]) == (201, Audience.CUSTOMER)
    assert [row["text"] for row in api.get(path(project, "comments/"), about).data["results"]] == ["It fails."]


def test_comments_know_visible_objects_only(api, project, manager):
    data = {"target": "projects.phase", "number": "99", "text": "Hello"}

    assert api.post(path(project, "comments/"), data, format="json").status_code == 404
    assert not Comment.objects.exists()


def test_attachments_are_uploaded_listed_and_read(api, project, manager):
    phase = PhaseFactory(project=project)
    about = {"target": "projects.phase", "number": str(phase.number)}

    made = api.post(path(project, "attachments/"), {**about, "file": upload()}, format="multipart")

    assert (made.status_code, made.data["audience"]) == (201, Audience.TEAM)
    assert [row["id"] for row in api.get(path(project, "attachments/"), about).data["results"]] == [made.data["id"]]
    content = api.get(path(project, f"attachments/{made.data['id']}/content/"))
    assert b"".join(content.streaming_content) == b"hello"


def test_attachments_refuse_with_the_reason(api, project, manager):
    phase = PhaseFactory(project=project)
    data = {"target": "projects.phase", "number": str(phase.number), "file": upload("x.exe", b"MZ\x90\x00")}

    response = api.post(path(project, "attachments/"), data, format="multipart")

    assert response.status_code == 409
    assert "not of a type that can be attached" in response.data["detail"]
    assert not Attachment.objects.exists()


def test_attachment_of_the_team_is_hidden_from_the_customer(api, project):
    attachment = AttachmentFactory(project=project)
    api.force_authenticate(member(project, Role.SPONSOR))

    assert api.get(path(project, f"attachments/{attachment.pk}/content/")).status_code == 404


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.AUDITOR])
def test_comments_and_files_are_not_for_readers(api, project, role):
    api.force_authenticate(member(project, role))

    assert api.post(path(project, "comments/"), {}, format="json").status_code == 403
    assert api.post(path(project, "attachments/"), {}, format="multipart").status_code == 403
