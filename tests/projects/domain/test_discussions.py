import pytest

from notices.enums import Channel
from notices.models import Message
from projects.domain import discussions, errors
from projects.enums import Audience, Role
from projects.models import Attachment, Comment
from tests.projects.factories import AttachmentFactory, CommentFactory, PhaseFactory, member
from tests.projects.uploads import upload

pytestmark = pytest.mark.django_db


def test_contribute_adds_remark_and_files_together():
    phase = PhaseFactory()
    consultant = member(phase.project, Role.CONSULTANT)

    discussions.contribute(
        phase, text="See the notes.", uploads=[upload(), upload("b.txt")], by=consultant, audience="customer"
    )

    assert [comment.text for comment in discussions.comments_on(phase, consultant)] == ["See the notes."]
    assert [file.name for file in discussions.attachments_on(phase, consultant)] == ["notes.txt", "b.txt"]
    assert set(Attachment.objects.values_list("audience", flat=True)) == {Audience.CUSTOMER}


def test_contribute_adds_nothing_when_one_file_is_refused():
    phase = PhaseFactory()

    with pytest.raises(errors.FileTypeNotAllowed):
        discussions.contribute(
            phase,
            text="See",
            uploads=[upload(), upload("x.exe", b"MZ\x90\x00")],
            by=member(phase.project, Role.CONSULTANT),
        )

    assert not Comment.objects.exists()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("role", "seen"),
    [(Role.TESTER, 2), (Role.EXECUTIVE, 2), (Role.SPONSOR, 1), (Role.KEY_USER, 1), (Role.AUDITOR, 0)],
)
def test_comments_and_files_are_seen_by_their_audience(role, seen):
    phase = PhaseFactory()
    for shared in (True, False):
        CommentFactory(project=phase.project, target=phase, for_customer=shared)
        AttachmentFactory(project=phase.project, target=phase, for_customer=shared)
    user = member(phase.project, role)

    assert discussions.comments_on(phase, user).count() == seen
    assert discussions.attachments_on(phase, user).count() == seen


def test_comments_on_leaves_out_other_objects():
    phase = PhaseFactory()
    CommentFactory(project=phase.project)

    assert not discussions.comments_on(phase, member(phase.project, Role.TESTER)).exists()


@pytest.mark.parametrize("role", list(Role))
def test_visible_to_agrees_with_what_is_seen_in_the_project(role):
    phase = PhaseFactory()
    for shared in (True, False):
        CommentFactory(project=phase.project, target=phase, for_customer=shared)
    CommentFactory(for_customer=True)  # of another project
    user = member(phase.project, role)

    assert set(Comment.objects.visible_to(user)) == set(discussions.comments_on(phase, user))


def told(channel=Channel.EMAIL):
    return set(Message.objects.filter(channel=channel).values_list("address", flat=True))


def test_add_comment_tells_earlier_commenters_but_not_the_writer():
    phase = PhaseFactory()
    writer, earlier = member(phase.project, Role.CONSULTANT), member(phase.project, Role.ENGINEER)
    member(phase.project, Role.TESTER)  # said nothing
    for author in (writer, earlier, earlier):
        CommentFactory(project=phase.project, target=phase, author=author)

    discussions.add_comment(phase, "Any news?", by=writer)

    assert told() == told(Channel.IN_APP) == {earlier.email}
    message = Message.objects.get(channel=Channel.IN_APP)
    assert (message.url, message.project_id) == (phase.get_absolute_url(), phase.project_id)
    assert message.body.endswith("Any news?")


@pytest.mark.parametrize(("audience", "is_told"), [(Audience.TEAM, False), (Audience.CUSTOMER, True)])
def test_add_comment_tells_a_customer_only_of_what_is_shared(audience, is_told):
    phase = PhaseFactory()
    sponsor = member(phase.project, Role.SPONSOR)
    CommentFactory(project=phase.project, target=phase, author=sponsor, for_customer=True)

    discussions.add_comment(phase, "Agreed", by=member(phase.project, Role.CONSULTANT), audience=audience)

    assert told() == ({sponsor.email} if is_told else set())


def test_add_comment_tells_nobody_who_left_the_project():
    phase = PhaseFactory()
    CommentFactory(project=phase.project, target=phase)  # its author is of no project

    discussions.add_comment(phase, "Gone?", by=member(phase.project, Role.CONSULTANT))

    assert told() == set()


def test_add_comment_tells_the_managers_where_nobody_is_concerned():
    phase = PhaseFactory()
    manager, engineer = member(phase.project, Role.PROJECT_MANAGER), member(phase.project, Role.ENGINEER)

    discussions.add_comment(phase, "Who does this?", by=engineer)
    assert set(Message.objects.values_list("recipient", flat=True)) == {manager.pk}

    discussions.add_comment(phase, "I do.", by=manager)  # the engineer spoke before
    assert set(Message.objects.values_list("recipient", flat=True)) == {manager.pk, engineer.pk}
