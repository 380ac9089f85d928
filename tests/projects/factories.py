from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from accounts.enums import OrganisationKind
from projects.domain.numbers import next_number
from projects.enums import CUSTOMER_ROLES, Audience, GateVerdict, PictureState, ProjectState, Role
from projects.models import Attachment, AuditAccess, Comment, GateFinding, GateReview, Membership, Phase, Project
from tests.accounts.factories import OrganisationFactory, UserFactory


def numbered(model):
    """The next number of the row's project, as the domain gives it out."""
    return factory.LazyAttribute(lambda row: next_number(model, row.project))


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project

    key = factory.Sequence(lambda n: f"P{n}-ERP")
    name = factory.Sequence(lambda n: f"ERP roll-out {n}")
    customer = factory.SubFactory(OrganisationFactory)
    language = "en"
    starts_on = date(2026, 3, 2)
    closed_at = factory.LazyAttribute(
        lambda project: datetime(2026, 9, 1, 9, tzinfo=UTC) if project.state == ProjectState.CLOSED else None
    )
    state = ProjectState.ACTIVE
    created_by = factory.SubFactory(UserFactory)


class PhaseFactory(DjangoModelFactory):
    class Meta:
        model = Phase

    project = factory.SubFactory(ProjectFactory)
    number = factory.Sequence(lambda n: n + 1)
    code = factory.LazyAttribute(lambda phase: f"phase-{phase.number}")
    name = factory.LazyAttribute(lambda phase: f"Phase {phase.number}")


def member(project, *roles, **fields):
    """A new person who holds `roles` in `project`, of the side that the first role belongs to; an auditor is at work:
    sees what is shared for every audit."""
    if roles[0] in CUSTOMER_ROLES:
        fields.setdefault("organisation", project.customer)
    elif roles[0] == Role.AUDITOR:
        fields.setdefault("organisation__kind", OrganisationKind.AUDITOR)
    user = UserFactory(**fields)
    for role in roles:
        Membership.objects.create(project=project, user=user, role=role)
    if Role.AUDITOR in roles:
        AuditAccess.objects.create(project=project, is_open=True).people.add(user)
    return user


class CommentFactory(DjangoModelFactory):
    """A remark of the team on a phase."""

    class Meta:
        model = Comment

    class Params:
        for_customer = factory.Trait(audience=Audience.CUSTOMER)

    project = factory.SubFactory(ProjectFactory)
    target = factory.LazyAttribute(lambda comment: PhaseFactory(project=comment.project))
    author = factory.SubFactory(UserFactory)
    text = "Please look at this."


class AttachmentFactory(DjangoModelFactory):
    """A text file of the team on a phase."""

    class Meta:
        model = Attachment

    class Params:
        for_customer = factory.Trait(audience=Audience.CUSTOMER)
        with_picture = factory.Trait(
            name="shelf.jpg",
            media_type="image/jpeg",
            picture_state=PictureState.MADE,
            thumbnail=factory.django.FileField(filename="thumbnail.webp", data=b"small"),
            display=factory.django.FileField(filename="display.webp", data=b"large"),
        )

    project = factory.SubFactory(ProjectFactory)
    target = factory.LazyAttribute(lambda attachment: PhaseFactory(project=attachment.project))
    uploaded_by = factory.SubFactory(UserFactory)
    name = "notes.txt"
    media_type = "text/plain"
    size = 5
    sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    file = factory.django.FileField(filename="notes.txt", data=b"hello")


class GateReviewFactory(DjangoModelFactory):
    """A gate passed without findings; with `with_action` one of a tester's, due."""

    class Meta:
        model = GateReview
        skip_postgeneration_save = True

    class Params:
        for_customer = factory.Trait(audience=Audience.CUSTOMER)

    project = factory.SubFactory(ProjectFactory)
    number = numbered(GateReview)
    phase = factory.LazyAttribute(lambda review: PhaseFactory(project=review.project))
    held_on = date(2026, 4, 1)
    verdict = GateVerdict.PASS
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = datetime(2026, 4, 1, 9, tzinfo=UTC)

    @factory.post_generation
    def with_action(review, create, asked, **kwargs):
        if asked:
            GateFinding.objects.create(
                review=review,
                position=1,
                statement="No fallback is rehearsed",
                action="Rehearse it",
                owner=member(review.project, Role.TESTER),
                due_on=date(2026, 4, 8),
            )
