import pytest
from django.utils.translation import override

from quality.domain import scenarios
from quality.domain.scenarios import Prompt
from quality.enums import ABNORMAL, CaseKind, Scenario
from quality.models import TestCase
from tests.projects.factories import ProjectFactory
from tests.quality.factories import CaseFactory
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


def test_prompts_of_names_an_active_case_of_each_situation():
    project = ProjectFactory()
    first, second = RequirementFactory.create_batch(2, project=project)
    case = CaseFactory(project=project, requirements=[first], scenario=Scenario.NETWORK_CUT)
    CaseFactory(project=project, requirements=[first], scenario=Scenario.NETWORK_CUT)
    CaseFactory(project=project, requirements=[first])
    CaseFactory(project=project, requirements=[first], scenario=Scenario.NO_RIGHTS, retired=True)

    found = scenarios.with_tries(project.requirements.order_by("number"), TestCase.objects.filter(project=project))

    assert [scenarios.prompts_of(requirement) for requirement in found] == [
        [
            Prompt(Scenario.NETWORK_CUT, case.number),
            Prompt(Scenario.WRONG_DATA, None),
            Prompt(Scenario.DOUBLE_SUBMIT, None),
            Prompt(Scenario.NO_RIGHTS, None),
        ],
        [Prompt(scenario, None) for scenario in ABNORMAL],
    ]
    assert second.number > first.number


@pytest.mark.parametrize("scenario", ABNORMAL)
def test_draft_for_has_steps_and_a_title_that_fits(scenario):
    requirement = RequirementFactory(title="x" * 200, process="Procure to pay")
    draft = scenarios.draft_for(requirement, scenario)
    assert (draft.scenario, draft.process) == (scenario, "Procure to pay")
    assert len(draft.title) <= 200
    assert all(step.action and step.expected for step in draft.steps)


def test_draft_for_is_in_the_active_language():
    requirement = RequirementFactory(title="订单")
    with override("zh-hans"):
        draft = scenarios.draft_for(requirement, Scenario.NO_RIGHTS)
    assert (draft.title, draft.kind) == ("订单——无权限", CaseKind.SECURITY)
