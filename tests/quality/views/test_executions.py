import uuid

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from projects.enums import Role
from quality.domain import queries
from quality.enums import Outcome
from quality.models import Defect, Result
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory, DefectFactory, ExecutionFactory, ResultFactory, RunFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def key_user(client, project):
    person = member(project, Role.KEY_USER)
    client.force_login(person)
    return person


def planned(project, *numbers, **fields):
    run = RunFactory(project=project, running=True)
    return [
        ExecutionFactory(run=run, case=CaseFactory(project=project, number=number, shared=True), **fields)
        for number in numbers
    ]


def record_url(execution):
    args = [execution.run.project.key, execution.run.number, execution.case.number]
    return reverse("quality:execution_record", args=args)


def answer(**fields):
    return {"token": uuid.uuid4(), "case_version": 1, "outcome": "passed", "comment": ""} | fields


def test_a_result_leads_to_the_next_open_case(client, project, key_user):
    first, second = planned(project, 1, 2)
    response = client.post(record_url(first), answer())
    assert response.url == f"{second.get_absolute_url()}?saved=1"
    assert Result.objects.get().executed_by == key_user


def test_the_last_result_leads_back_to_the_run(client, project, key_user):
    (only,) = planned(project, 1)
    response = client.post(record_url(only), answer())
    assert response.url == f"{only.run.get_absolute_url()}?saved=1"


def test_a_double_submit_is_one_result(client, project, key_user):
    (only,) = planned(project, 1)
    data = answer(outcome="failed", comment="Wrong tax")
    client.post(record_url(only), data)
    client.post(record_url(only), data)
    assert (Result.objects.count(), Defect.objects.count()) == (1, 1)


def test_a_failure_without_words_is_asked_for_them(client, project, key_user):
    (only,) = planned(project, 1)
    response = client.post(record_url(only), answer(outcome="failed"))
    assert "Say what you saw" in response.content.decode()
    assert not Result.objects.exists()


def test_an_answer_to_an_older_version_is_refused_and_kept_on_the_page(client, project, key_user):
    (only,) = planned(project, 1)
    only.case.version = 2
    only.case.save()
    content = client.post(record_url(only), answer(comment="It works")).content.decode()
    assert "was changed while you had it open" in content
    assert "It works" in content


def test_the_form_is_absent_for_the_team_and_in_a_planned_run(client, project, key_user):
    planned_run = ExecutionFactory(run=RunFactory(project=project, audience="customer"))
    assert "result-form" not in client.get(planned_run.get_absolute_url()).content.decode()
    (running,) = planned(project, 2)
    assert "result-form" in client.get(running.get_absolute_url()).content.decode()
    client.force_login(member(project, Role.PROJECT_MANAGER))
    assert "result-form" not in client.get(running.get_absolute_url()).content.decode()


def test_next_open_passes_over_others_cases_and_goes_round(project, key_user):
    run = RunFactory(project=project, running=True)
    own = [ExecutionFactory(run=run, case=CaseFactory(project=project, number=n)) for n in (1, 3)]
    ExecutionFactory(run=run, case=CaseFactory(project=project, number=2), assigned_to=member(project, Role.KEY_USER))
    rows = queries.own_executions(run, key_user)
    assert queries.next_open(rows, after=own[0].case) == own[1]
    assert queries.next_open(rows, after=own[1].case) == own[0]
    assert queries.own_progress(rows) == queries.Progress(done=0, total=2)


def test_a_case_whose_defect_is_fixed_is_open_again(project, key_user):
    (execution,) = planned(project, 1)
    ResultFactory(execution=execution, outcome=Outcome.FAILED)
    own = queries.own_executions(execution.run, key_user)
    assert queries.next_open(own) is None
    DefectFactory(project=project, case=execution.case, state="fixed")
    assert queries.next_open(own) == execution


@pytest.mark.parametrize("count", [1, 100])
def test_execution_queries(client, project, key_user, count, django_assert_max_num_queries):
    executions = planned(project, *range(1, count + 1))
    for _ in range(count):
        ResultFactory(execution=executions[0])
    ContentType.objects.get_for_model(Result)  # asked once per process
    with django_assert_max_num_queries(12):
        assert client.get(executions[0].get_absolute_url()).status_code == 200
