import pytest
from django.urls import reverse

from projects.enums import Role
from quality.enums import Outcome
from quality.models import ProcessSignOff
from tests.projects.factories import member
from tests.quality.factories import CaseFactory, ExecutionFactory, ResultFactory, RunFactory

pytestmark = pytest.mark.django_db
BUY = "Procure to pay"


@pytest.fixture
def run():
    return RunFactory(running=True)


@pytest.fixture
def key_user(client, run):
    person = member(run.project, Role.KEY_USER)
    client.force_login(person)
    return person


def url(name, run):
    return reverse(f"quality:{name}", args=[run.project.key, run.number])


def test_a_key_user_signs_off_what_is_ready(client, run, key_user):
    ResultFactory(execution=ExecutionFactory(run=run))
    page = client.get(url("run_sign_off", run)).content.decode()
    assert "Sign off “Procure to pay”" in page
    client.post(url("run_sign_off", run), {"process": BUY})
    assert ProcessSignOff.objects.get().signed_by == key_user
    assert f"Signed off by {key_user.name}" in client.get(url("run_progress", run)).content.decode()


def test_what_is_not_ready_is_not_offered_and_refused(client, run, key_user):
    ExecutionFactory(run=run)
    assert "No process of yours is ready" in client.get(url("run_sign_off", run)).content.decode()
    page = client.post(url("run_sign_off", run), {"process": BUY}, follow=True).content.decode()
    assert "cannot be signed off yet" in page
    assert not ProcessSignOff.objects.exists()


def test_progress_is_asked_for_again_until_the_run_is_finished(client, run, key_user):
    ResultFactory(execution=ExecutionFactory(run=run), outcome=Outcome.FAILED)
    content = client.get(url("run_progress", run)).content.decode()
    assert "0 of 1 passed · 1 failed" in content
    assert 'hx-trigger="load delay:10s"' in content
    finished = ExecutionFactory(run=RunFactory(project=run.project, finished=True)).run
    assert "hx-trigger" not in client.get(url("run_progress", finished)).content.decode()


def test_the_page_of_a_run_holds_the_fragment(client, run, key_user):
    ExecutionFactory(run=run)
    assert 'id="run-progress"' in client.get(run.get_absolute_url()).content.decode()


@pytest.mark.parametrize("count", [1, 100])
def test_run_progress_queries(client, run, key_user, count, django_assert_max_num_queries):
    for number in range(count):
        ExecutionFactory(run=run, case=CaseFactory(project=run.project, process=f"Process {number}", shared=True))
    with django_assert_max_num_queries(10):
        assert client.get(url("run_progress", run)).status_code == 200
