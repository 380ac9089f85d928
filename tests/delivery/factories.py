from datetime import date

import factory
from factory.django import DjangoModelFactory

from delivery.enums import DeliverableState, Raci, ReviewVerdict
from delivery.models import Deliverable, DeliverableReview, DeliverableVersion, RaciEntry, Task
from projects.enums import Audience
from tests.accounts.factories import UserFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, numbered


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = Task

    project = factory.SubFactory(ProjectFactory)
    phase = factory.SubFactory(PhaseFactory, project=factory.SelfAttribute("..project"))
    number = numbered(Task)
    title = factory.Sequence(lambda n: f"Task {n}")
    starts_on = date(2026, 3, 2)
    ends_on = date(2026, 3, 6)

    class Params:
        milestone = factory.Trait(is_milestone=True, ends_on=factory.SelfAttribute("starts_on"))
        shared = factory.Trait(audience=Audience.CUSTOMER)


class DeliverableFactory(DjangoModelFactory):
    """A planned document of the team, without a version."""

    class Meta:
        model = Deliverable

    project = factory.SubFactory(ProjectFactory)
    phase = factory.SubFactory(PhaseFactory, project=factory.SelfAttribute("..project"))
    number = numbered(Deliverable)
    title = factory.Sequence(lambda n: f"Deliverable {n}")

    class Params:
        shared = factory.Trait(audience=Audience.CUSTOMER)


class VersionFactory(DjangoModelFactory):
    class Meta:
        model = DeliverableVersion

    deliverable = factory.SubFactory(DeliverableFactory, state=DeliverableState.DRAFT)
    number = factory.LazyAttribute(lambda version: version.deliverable.versions.count() + 1)
    file = factory.django.FileField(filename="notes.txt", data=b"hello")
    name = "notes.txt"
    media_type = "text/plain"
    size = 5
    sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    uploaded_by = factory.SubFactory(UserFactory)


class ReviewFactory(DjangoModelFactory):
    class Meta:
        model = DeliverableReview

    version = factory.SubFactory(VersionFactory)
    verdict = ReviewVerdict.APPROVED
    reviewed_by = factory.SubFactory(UserFactory)


class RaciFactory(DjangoModelFactory):
    class Meta:
        model = RaciEntry

    deliverable = factory.SubFactory(DeliverableFactory)
    person = factory.SubFactory(UserFactory)
    letter = Raci.ACCOUNTABLE


def drafted(project, **fields):
    """A deliverable whose first version can be submitted."""
    deliverable = DeliverableFactory(project=project, state=DeliverableState.DRAFT, **fields)
    VersionFactory(deliverable=deliverable)
    return deliverable


def in_review(project, **fields):
    deliverable = DeliverableFactory(project=project, state=DeliverableState.IN_REVIEW, **fields)
    VersionFactory(deliverable=deliverable)
    return deliverable


def approved(project, **fields):
    """A deliverable whose first version was approved by somebody."""
    deliverable = drafted(project, **fields)
    review = ReviewFactory(version=deliverable.versions.get())
    deliverable.state, deliverable.approved_version = DeliverableState.APPROVED, review.version
    deliverable.approved_at, deliverable.approved_by = review.reviewed_at, review.reviewed_by
    deliverable.save()
    return deliverable
