import pytest
from django.urls import reverse

from projects.enums import Audience, Role
from projects.models import Attachment, Comment
from tests.projects.factories import AttachmentFactory, CommentFactory, PhaseFactory, ProjectFactory, member
from tests.projects.uploads import picture, upload

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def phase():
    return PhaseFactory(project=ProjectFactory())


@pytest.fixture
def url(phase):
    return reverse("projects:discussion", args=[phase.project.key, "projects.phase", phase.number])


def test_discussion_adds_and_answers_htmx_with_the_fragment(client, phase, url):
    client.force_login(member(phase.project, Role.CONSULTANT))
    data = {"text": "See the picture.", "uploads": [upload("shot.png", picture())], "audience": "customer"}

    response = client.post(url, data, headers=HTMX)

    assert response.text.lstrip().startswith("<section")
    assert "See the picture." in response.text
    assert "shot.png" in response.text
    assert Comment.objects.get().audience == Audience.CUSTOMER


def test_discussion_without_htmx_goes_back_to_the_object(client, phase, url):
    client.force_login(member(phase.project, Role.CONSULTANT))

    response = client.post(url, {"text": "Seen.", "audience": "team"})

    assert response["Location"] == phase.get_absolute_url()


def test_discussion_gives_a_customer_no_choice_of_audience(client, phase, url):
    client.force_login(member(phase.project, Role.KEY_USER))

    assert 'name="audience"' not in client.get(url).text

    client.post(url, {"text": "It fails.", "audience": "team"})
    assert Comment.objects.get().audience == Audience.CUSTOMER


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_discussion_refuses_a_file_with_the_reason_and_keeps_the_text(client, phase, url, headers):
    client.force_login(member(phase.project, Role.CONSULTANT))
    data = {"text": "A long remark.", "uploads": [upload("x.exe", b"MZ\x90\x00")], "audience": "team"}

    response = client.post(url, data, headers=headers)

    assert response.status_code == 200
    assert "“x.exe” is not of a type that can be attached" in response.text
    assert "A long remark.</textarea>" in response.text
    assert not Comment.objects.exists()


def test_discussion_asks_for_something(client, phase, url):
    client.force_login(member(phase.project, Role.CONSULTANT))

    response = client.post(url, {"text": " ", "audience": "team"})

    assert response.context["form"].errors["text"] == ["Write something or choose a file."]


@pytest.mark.parametrize(
    ("label", "number"),
    [("projects.phase", "999"), ("projects.phase", "x"), ("accounts.user", "1"), ("no.model", "1")],
)
def test_discussion_knows_registered_visible_objects_only(client, phase, label, number):
    client.force_login(member(phase.project, Role.CONSULTANT))
    url = reverse("projects:discussion", args=[phase.project.key, label, number])

    assert client.post(url, {"text": "Hello", "audience": "team"}).status_code == 404


def test_discussion_hides_the_teams_remarks_from_the_customer(client, phase, url):
    CommentFactory(project=phase.project, target=phase, text="Between us")
    CommentFactory(project=phase.project, target=phase, text="For both", for_customer=True)
    client.force_login(member(phase.project, Role.SPONSOR))

    text = client.get(url).text

    assert "For both" in text
    assert "Between us" not in text


@pytest.mark.parametrize("size", [1, 100])
def test_discussion_costs_the_same_for_many(client, phase, url, size, django_assert_max_num_queries):
    for _ in range(size):
        CommentFactory(project=phase.project, target=phase)
        AttachmentFactory(project=phase.project, target=phase)
    client.force_login(member(phase.project, Role.CONSULTANT))

    with django_assert_max_num_queries(10):
        client.get(url)


def test_attachment_is_saved_and_never_shown(client, phase):
    attachment = AttachmentFactory(project=phase.project, target=phase, name="盘点 表.txt")
    client.force_login(member(phase.project, Role.CONSULTANT))

    response = client.get(reverse("projects:attachment", args=[phase.project.key, attachment.pk]))

    assert b"".join(response.streaming_content) == b"hello"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "text/plain"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_attachment_of_the_team_is_hidden_from_the_customer(client, phase):
    attachment = AttachmentFactory(project=phase.project, target=phase)
    client.force_login(member(phase.project, Role.SPONSOR))

    assert client.get(reverse("projects:attachment", args=[phase.project.key, attachment.pk])).status_code == 404


def test_attachment_of_another_project_is_not_found_here(client, phase):
    attachment = AttachmentFactory(for_customer=True)
    client.force_login(member(phase.project, Role.PROJECT_MANAGER))

    assert client.get(reverse("projects:attachment", args=[phase.project.key, attachment.pk])).status_code == 404


def test_attachment_whose_file_is_gone_is_not_found(client, phase):
    attachment = AttachmentFactory(project=phase.project, target=phase)
    attachment.file.storage.delete(attachment.file.name)
    client.force_login(member(phase.project, Role.PROJECT_MANAGER))

    assert client.get(reverse("projects:attachment", args=[phase.project.key, attachment.pk])).status_code == 404
    assert Attachment.objects.filter(pk=attachment.pk).exists()


def test_attachment_picture_is_shown_and_the_original_downloaded(client, phase):
    attachment = AttachmentFactory(target=phase, project=phase.project, for_customer=True, with_picture=True)
    client.force_login(member(phase.project, Role.KEY_USER))

    page = client.get(phase.get_absolute_url()).text
    shown = client.get(reverse("projects:attachment_picture", args=[phase.project.key, attachment.pk, "display"]))
    kept = client.get(reverse("projects:attachment", args=[phase.project.key, attachment.pk]))

    assert (
        f'src="{reverse("projects:attachment_picture", args=[phase.project.key, attachment.pk, "thumbnail"])}"' in page
    )
    assert shown.getvalue() == b"large"
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert "attachment" not in shown["Content-Disposition"]
    assert kept.getvalue() == b"hello"
    assert kept["Content-Disposition"] == 'attachment; filename="shelf.jpg"'


@pytest.mark.parametrize("size", ["file", "display"])
def test_attachment_picture_of_a_file_without_one_does_not_exist(client, phase, size):
    attachment = AttachmentFactory(target=phase, project=phase.project)
    client.force_login(member(phase.project, Role.ENGINEER))

    url = reverse("projects:attachment_picture", args=[phase.project.key, attachment.pk, size])

    assert client.get(url).status_code == 404
