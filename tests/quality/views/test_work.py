import html
import json
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from notices.domain import sending
from notices.models import Message
from projects.enums import Role
from quality.enums import Outcome
from quality.models import Acceptance, Defect, Result
from quality.views.work import WINDOW
from tests.projects.factories import member
from tests.quality.factories import (
    MOMENT,
    CaseFactory,
    CriteriaSetFactory,
    DefectFactory,
    ExecutionFactory,
    ResultFactory,
    RunFactory,
)

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100"
    "c9fe92ef0000000049454e44ae426082"
)
# Session, person, project, roles, where it belongs, whether it voids; the row locked, its steps and requirements;
# result, execution and the trail's three; whether an open request must be voided. And two savepoints of the tests.
SAVING = 19


@pytest.fixture
def run():
    return RunFactory(running=True)


@pytest.fixture
def tester(client, run):
    person = member(run.project, Role.KEY_USER)
    client.force_login(person)
    return person


def cases_in(response):
    found = re.search(r'<script id="uat-cases" type="application/json">(.*?)</script>', response.content.decode())
    return [case["number"] for case in json.loads(found[1])] if found else []


def send(client, execution, **fields):
    args = [execution.run.project.key, execution.run.number, execution.case.number]
    values = {"token": uuid.uuid4(), "case_version": 1, "outcome": "passed", "comment": ""} | fields
    return client.post(reverse("quality:execution_send", args=args), values)


def test_the_page_holds_the_open_cases_of_the_person(client, run, tester):
    _mine, done, retest, _others = (
        ExecutionFactory(run=run, case=CaseFactory(project=run.project, number=n, shared=True), assigned_to=person)
        for n, person in [(1, tester), (2, tester), (3, None), (4, member(run.project, Role.KEY_USER))]
    )
    ResultFactory(execution=done)
    ResultFactory(execution=retest, outcome=Outcome.FAILED)
    DefectFactory(project=run.project, case=retest.case, state="fixed")
    response = client.get(run.get_work_url())
    assert cases_in(response) == [1, 3]
    assert "1 of 3 done" in response.content.decode()


def test_the_team_runs_the_cases_that_are_not_of_user_acceptance(client, run):
    person = member(run.project, Role.ENGINEER)
    client.force_login(person)
    uat, own = (
        ExecutionFactory(run=run, case=CaseFactory(project=run.project, number=n, kind=kind, shared=True))
        for n, kind in [(1, "uat"), (2, "regression")]
    )
    assert cases_in(client.get(run.get_work_url())) == [2]
    assert send(client, own).status_code == 200
    assert send(client, uat).status_code == 403


def test_a_key_user_runs_other_cases_only_when_they_are_given_to_them(client, run, tester):
    case = CaseFactory(project=run.project, kind="regression", shared=True)
    execution = ExecutionFactory(run=run, case=case)
    assert cases_in(client.get(run.get_work_url())) == []
    assert send(client, execution).status_code == 403
    execution.assigned_to = tester
    execution.save()
    assert cases_in(client.get(run.get_work_url())) == [case.number]
    assert send(client, execution).status_code == 200


def test_cases_come_process_by_process(client, run, tester):
    for number, process in [(1, "Sell"), (2, "Buy"), (3, "Sell")]:
        ExecutionFactory(run=run, case=CaseFactory(project=run.project, number=number, process=process, shared=True))
    assert cases_in(client.get(run.get_work_url())) == [2, 1, 3]


def test_a_long_run_comes_in_pieces(client, run, tester):
    ExecutionFactory.create_batch(WINDOW + 2, run=run)
    response = client.get(run.get_work_url())
    assert cases_in(response) == list(range(1, WINDOW + 1))
    assert f"0 of {WINDOW + 2} done" in response.content.decode()


def test_a_run_with_nothing_left_shows_no_form(client, run, tester):
    ResultFactory(execution=ExecutionFactory(run=run))
    content = client.get(run.get_work_url()).content.decode()
    assert "Nothing is left for you to run here" in content
    assert "result-form" not in content


def test_a_finished_run_shows_no_form(client, tester, run):
    finished = ExecutionFactory(run=RunFactory(project=run.project, finished=True)).run
    content = client.get(finished.get_work_url()).content.decode()
    assert "The run is finished" in content
    assert "result-form" not in content


def test_a_result_sent_twice_is_one_result(client, run, tester):
    execution, token = ExecutionFactory(run=run), uuid.uuid4()
    answers = [
        send(client, execution, outcome="failed", comment="Wrong", marks='{"2": "failed"}', token=token).json()
        for _ in "12"
    ]
    result = Result.objects.get()
    assert answers == [{"saved": str(token), "outcome": "failed", "at": result.executed_at.timestamp()}] * 2
    assert (result.failed_step, Defect.objects.count()) == (2, 1)


def test_several_photos_come_along(client, run, tester):
    photos = [SimpleUploadedFile(f"{n}.png", PNG, "image/png") for n in (1, 2)]
    assert send(client, ExecutionFactory(run=run), photos=photos).status_code == 200
    assert [file.name for file in Result.objects.get().attachments.order_by("pk")] == ["1.png", "2.png"]


def test_a_case_that_changed_meanwhile_is_refused_with_its_kind(client, run, tester):
    execution = ExecutionFactory(run=run)
    execution.case.version = 2
    execution.case.save()
    response = send(client, execution)
    assert (response.status_code, response.json()["kind"]) == (409, "CaseChangedMeanwhile")


def test_a_run_that_is_finished_meanwhile_refuses(client, run, tester):
    execution = ExecutionFactory(run=RunFactory(project=run.project, finished=True))
    response = send(client, execution)
    assert (response.status_code, response.json()["kind"]) == (409, "RunIsNotRunning")


def test_what_is_no_result_is_refused_with_the_reason(client, run, tester):
    response = send(client, ExecutionFactory(run=run), outcome="failed")
    assert (response.status_code, response.json()["kind"]) == (422, "invalid")
    assert "Say what you saw" in response.json()["reason"]


@pytest.mark.parametrize("marks", ["[1]", '{"two": "failed"}', "{"])
def test_marks_that_cannot_be_read_are_refused(client, run, tester, marks):
    assert send(client, ExecutionFactory(run=run), marks=marks).status_code == 422


def test_sending_a_result_queries(client, run, tester, django_assert_max_num_queries):
    executions = ExecutionFactory.create_batch(2, run=run)
    send(client, executions[0])  # what is asked once per process
    with django_assert_max_num_queries(SAVING):
        assert send(client, executions[1]).status_code == 200


def test_a_result_that_voids_a_request_asks_first(client, run, tester):
    execution = ExecutionFactory(run=run)
    criteria_set = CriteriaSetFactory(project=run.project, agreed=True)
    Acceptance.objects.create(
        project=run.project, criteria_set=criteria_set, requested_by=run.created_by, requested_at=MOMENT
    )
    assert send(client, execution).json()["kind"] == "voids"
    assert not Result.objects.exists()
    assert send(client, execution, confirmed="yes").status_code == 200


def test_someone_signed_out_is_led_to_the_sign_in(client, run):
    response = send(client, ExecutionFactory(run=run))
    assert response.status_code == 302


def test_the_worker_is_a_script(client):
    response = client.get(reverse("quality:work_script"))
    assert response["Content-Type"] == "text/javascript"


@pytest.mark.parametrize("count", [1, 100])
def test_run_work_queries(client, run, tester, count, django_assert_max_num_queries):
    ExecutionFactory.create_batch(count, run=run)
    with django_assert_max_num_queries(12):
        assert client.get(run.get_work_url()).status_code == 200


def test_the_mail_of_a_run_opens_the_run_itself_after_the_code(client, run):
    person = member(run.project, Role.KEY_USER)
    sign_in = client.get(client.get(run.get_absolute_url()).url).content.decode()
    (code_page,) = set(re.findall(r'href="(/accounts/login/code/[^"]*)"', sign_in))
    ask = {"email": person.email, "next": next_in(client.get(html.unescape(code_page)))}
    asked = client.post(reverse("account_request_login_code"), ask)
    confirm = {"code": code_mailed_to(person), "next": next_in(client.get(asked.url))}
    assert client.post(reverse("account_confirm_login_code"), confirm).url == run.get_absolute_url()


def next_in(response):
    """Where the form leads; the switch of the language on the page has a field of that name too."""
    return re.search(r'name="next" value="(/projects[^"]+)"', response.content.decode())[1]


def code_mailed_to(person):
    return re.search(r"^\d{6}$", sending.text_of(Message.objects.mails().get(address=person.email)), re.MULTILINE)[0]
