from datetime import date

import factory
from factory.django import DjangoModelFactory

from delivery.models import Task
from projects.enums import Audience
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
