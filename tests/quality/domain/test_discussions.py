import pytest

from notices.models import Message
from projects.domain.discussions import add_comment
from projects.enums import Role
from tests.delivery.factories import TaskFactory
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory, DefectFactory
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("factory", "field"),
    [
        (RequirementFactory, "created_by"),
        (TaskFactory, "owner"),
        (CaseFactory, "created_by"),
        (DefectFactory, "owner"),
        (DefectFactory, "reported_by"),
    ],
)
def test_a_remark_is_told_to_whom_its_object_concerns(factory, field):
    project = ProjectFactory()
    person = member(project, Role.ENGINEER)

    add_comment(factory(project=project, **{field: person}), "Please look", by=member(project, Role.CONSULTANT))

    assert [message.address for message in Message.objects.filter(channel="email")] == [person.email]


def test_a_customer_hears_nothing_of_a_defect_that_is_not_shared_with_them():
    project = ProjectFactory()
    defect = DefectFactory(project=project, reported_by=member(project, Role.KEY_USER))

    add_comment(defect, "It is ours", by=member(project, Role.CONSULTANT), audience="customer")

    assert not Message.objects.exists()
