from datetime import date

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from projects.enums import Audience
from requirements.domain import baselines, freezing
from requirements.enums import BaselineState, RequirementState
from requirements.models import Baseline, Objective, Requirement
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory, numbered


class ObjectiveFactory(DjangoModelFactory):
    class Meta:
        model = Objective

    project = factory.SubFactory(ProjectFactory)
    number = numbered(Objective)
    title = factory.Sequence(lambda n: f"Close the month faster {n}")
    measure = "Working days from the last day of the month to the signed balance"
    baseline_value = "12 days"
    target_value = "5 days"
    due_on = date(2026, 12, 31)
    audience = Audience.CUSTOMER
    created_by = factory.SubFactory(UserFactory)


class RequirementFactory(DjangoModelFactory):
    """A requirement that could be frozen: it has an acceptance text and, unless told otherwise, an objective."""

    class Meta:
        model = Requirement
        skip_postgeneration_save = True

    project = factory.SubFactory(ProjectFactory)
    number = numbered(Requirement)
    title = factory.Sequence(lambda n: f"Match invoice and order {n}")
    statement = "The system matches each invoice with its order and receipt."
    acceptance = "An invoice that differs by more than 2 % is held."
    audience = Audience.CUSTOMER
    created_by = factory.SubFactory(UserFactory)

    class Params:
        withdrawn = factory.Trait(
            state=RequirementState.WITHDRAWN,
            withdrawn_at=factory.LazyFunction(timezone.now),
            withdrawn_by=factory.SubFactory(UserFactory),
            withdrawn_reason="Done by another system",
        )

    @factory.post_generation
    def objectives(self, create, extracted, **kwargs):
        self.objectives.set([ObjectiveFactory(project=self.project)] if extracted is None else extracted)


def frozen_baseline(project=None, *, state=BaselineState.FROZEN, by=None, requirements=1):
    """A baseline brought to `state` by the domain, without a signature request."""
    by = by or UserFactory()
    project = project or ProjectFactory()
    if not Requirement.objects.filter(project=project).exists():
        RequirementFactory.create_batch(requirements, project=project, objectives=[ObjectiveFactory(project=project)])
    baseline = freezing.freeze(project, by=by, share=True)
    if state == BaselineState.DISCARDED:
        return baselines.discard(baseline.pk, reason="A requirement was forgotten", by=by)
    if state in {BaselineState.SENT, BaselineState.SIGNED, BaselineState.REOPENED}:
        Baseline.objects.filter(pk=baseline.pk).update(state=BaselineState.SENT, sent_at=timezone.now())
    if state in {BaselineState.SIGNED, BaselineState.REOPENED}:
        baselines.sign(baseline.pk)
    if state == BaselineState.REOPENED:
        baselines.reopen(baseline.pk, reason="The customer bought a company", by=by)
    baseline.refresh_from_db()
    return baseline
