import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.enums import Audience, Role
from quality.enums import CriteriaState, DefectState, Outcome, RunState
from quality.models import CriteriaSet, Defect, Result, TestCase, TestRun
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import (
    CaseFactory,
    CriteriaSetFactory,
    CriterionFactory,
    DefectFactory,
    ExecutionFactory,
    ImportedRowFactory,
    ResultFactory,
    RunFactory,
)
from tests.quality.signing import accepted_scope
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(client, project):
    user = member(project, Role.PROJECT_MANAGER)
    client.force_login(user)
    return user


@pytest.fixture
def key_user(client, project):
    user = member(project, Role.KEY_USER)
    client.force_login(user)
    return user


def address(project, path):
    return f"/api/v1/projects/{project.key}/{path}"


def send(client, method, url, data=None):
    return getattr(client, method)(url, data if data is not None else {}, content_type="application/json")


@pytest.mark.parametrize(
    "path",
    ["test-cases/", "test-runs/", "test-case-proposals/", "defects/", "criteria/", "acceptances/", "result-imports/"],
)
def test_another_projects_people_find_nothing(client, project, path):
    client.force_login(member(ProjectFactory(), Role.PROJECT_MANAGER))
    assert client.get(address(project, path)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "test-cases/"),
        ("post", "test-runs/"),
        ("post", "test-runs/1/start/"),
        ("put", "test-runs/1/cases/"),
        ("patch", "defects/1/"),
        ("post", "defects/1/fix/"),
        ("post", "criteria/"),
    ],
)
def test_a_key_user_may_not(client, project, key_user, method, path):
    assert send(client, method, address(project, path)).status_code == 403


def test_the_vendor_may_not_record_results(client, project, manager):
    execution = ExecutionFactory(run__project=project)
    url = address(project, f"test-runs/{execution.run.number}/results/")
    result = {"case": execution.case.number, "case_version": 1, "outcome": "passed"}
    assert send(client, "post", url, result).status_code == 403


def test_case_is_created_changed_and_retired(client, project, manager):
    requirement = RequirementFactory(project=project)
    step = {"action": "Book it", "expected": "It has a number"}
    data = {"title": "Book", "steps": [step], "requirements": [requirement.number], "priority": 1}
    created = send(client, "post", address(project, "test-cases/"), data)
    assert (created.status_code, created.json()["version"]) == (201, 1)
    url = address(project, f"test-cases/{created.json()['number']}/")
    assert send(client, "patch", url, {"title": "Post"}).status_code == 400
    changed = send(client, "patch", url, {"title": "Post", "version": 1}).json()
    assert (changed["version"], changed["steps"][0]["action"]) == (2, "Book it")
    stale = send(client, "patch", url, {"title": "Again", "version": 1})
    assert (stale.status_code, "changed while" in stale.json()["detail"]) == (409, True)
    assert send(client, "post", f"{url}retire/").json()["state"] == "retired"
    assert send(client, "post", f"{url}restore/").json()["state"] == "active"


def test_a_case_of_another_project_cannot_be_named(client, project, manager):
    foreign = RequirementFactory(number=77)
    data = {"title": "Book", "requirements": [foreign.number]}
    assert send(client, "post", address(project, "test-cases/"), data).status_code == 400
    assert not TestCase.objects.exists()


def test_run_is_planned_started_and_finished(client, project, manager):
    case, tester = CaseFactory(project=project), member(project, Role.KEY_USER)
    run = send(client, "post", address(project, "test-runs/"), {"name": "One", "build": "1", "environment": "UAT"})
    url = address(project, f"test-runs/{run.json()['number']}/")
    planned = send(client, "put", f"{url}cases/", [{"case": case.number, "assigned_to": tester.email}])
    assert planned.json()[0]["assigned_to"] == tester.email
    refused = send(client, "post", f"{url}start/")
    assert (refused.status_code, "not agreed yet" in refused.json()["detail"]) == (409, True)
    CriteriaSetFactory(project=project, agreed=True)
    assert send(client, "post", f"{url}start/").json()["state"] == RunState.RUNNING
    assert send(client, "patch", url, {"build": "2"}).json()["build"] == "2"
    assert send(client, "post", f"{url}finish/").json()["state"] == RunState.FINISHED
    assert TestRun.objects.get().build == "2"


def test_a_result_sent_twice_is_one(client, project, key_user):
    execution = ExecutionFactory(run__project=project)
    url = address(project, f"test-runs/{execution.run.number}/results/")
    token = str(uuid.uuid4())
    data = {"case": execution.case.number, "case_version": 1, "outcome": "failed", "comment": "No", "token": token}
    first, again = send(client, "post", url, data), send(client, "post", url, data)
    assert (first.status_code, again.json()["token"]) == (201, token)
    assert (Result.objects.count(), Defect.objects.count()) == (1, 1)
    assert client.get(url).json()["results"][0]["outcome"] == Outcome.FAILED


def test_a_customer_reports_a_defect_and_cannot_plan_it(client, project, key_user):
    data = {"title": "Tax", "seen": "Wrong", "severity": "minor", "priority": 1, "audience": "team"}
    created = send(client, "post", address(project, "defects/"), data)
    defect = Defect.objects.get()
    assert (created.status_code, defect.audience, defect.priority) == (201, Audience.CUSTOMER, 2)


def test_defect_moves(client, project, manager):
    defect = DefectFactory(project=project)
    url = address(project, f"defects/{defect.number}/")
    assert send(client, "post", f"{url}close/").status_code == 409
    assert send(client, "post", f"{url}fix/", {"fixed_in": "1.4.1"}).json()["fixed_in"] == "1.4.1"
    assert send(client, "post", f"{url}close/").json()["state"] == DefectState.CLOSED
    assert send(client, "post", f"{url}reopen/").status_code == 400
    assert send(client, "post", f"{url}reopen/", {"reason": "Again"}).json()["state"] == DefectState.OPEN
    assert send(client, "patch", url, {"fix_planned_on": "2026-09-01"}).json()["fix_planned_on"] == "2026-09-01"
    assert client.get(address(project, "defects/"), {"state": "fixed"}).json()["results"] == []


def test_criteria_are_drafted_and_measured(client, project, manager):
    phase = PhaseFactory(project=project)
    created = send(client, "post", address(project, "criteria/"), {"phase": phase.number}).json()
    url = address(project, f"criteria/{created['id']}/")
    assert len(client.get(f"{url}lines/").json()) == 7
    rows = [{"statement": "Fast", "source": "manual_value", "operator": "le", "threshold": "2.5", "unit": "s"}]
    saved = send(client, "put", f"{url}lines/", rows).json()
    assert (saved[0]["threshold"], saved[0]["measured"], saved[0]["verdict"]) == ("5/2", None, "no_data")
    unknown = send(client, "put", f"{url}lines/", [{"statement": "Fast", "source": "hearsay"}])
    assert unknown.status_code == 400


def test_criteria_lines_give_exact_values(client, project, manager):
    criteria_set = accepted_scope(project=project)
    (line,) = client.get(address(project, f"criteria/{criteria_set.pk}/lines/")).json()
    assert (line["measured"], line["counts"], line["verdict"]) == ("100", [1, 1], "met")


def test_reopen_answers_with_the_next_version(client, project, manager):
    criteria_set = CriterionFactory(criteria_set=CriteriaSetFactory(project=project, agreed=True)).criteria_set
    url = address(project, f"criteria/{criteria_set.pk}/reopen/")
    answer = send(client, "post", url, {"reason": "More is wanted"})
    assert (answer.status_code, answer.json()["version"], answer.json()["state"]) == (201, 2, CriteriaState.DRAFT)
    assert CriteriaSet.objects.count() == 2


@pytest.mark.parametrize("count", [1, 100])
@pytest.mark.parametrize("path", ["test-cases/", "test-runs/", "test-case-proposals/", "defects/"])
def test_list_queries(client, project, manager, path, count, django_assert_max_num_queries):
    for _ in range(count):
        execution = ExecutionFactory(run=RunFactory(project=project), case=CaseFactory(project=project))
        DefectFactory(project=project, case=execution.case, owner=manager)
    with django_assert_max_num_queries(10):
        assert client.get(address(project, path), {"page_size": 100}).status_code == 200


def chosen(manager, sponsor):
    rows = [(manager, "vendor", 1), (sponsor, "customer", 2)]
    return {"signers": [{"user": user.email, "side": side, "order": order} for user, side, order in rows]}


def test_criteria_are_sent_for_signature(client, project, manager):
    criteria_set = CriterionFactory(criteria_set=CriteriaSetFactory(project=project)).criteria_set
    url = address(project, f"criteria/{criteria_set.pk}/send/")
    sponsor = member(project, Role.SPONSOR)
    assert send(client, "post", url, {"signers": []}).status_code == 400
    answer = send(client, "post", url, chosen(manager, sponsor))
    assert (answer.status_code, answer.json()["state"]) == (200, CriteriaState.SENT)
    assert list(
        criteria_set.project.signature_requests.order_by("signers__order").values_list(
            "signers__user__email", flat=True
        )
    ) == [
        manager.email,
        sponsor.email,
    ]
    assert send(client, "post", url, chosen(manager, sponsor)).status_code == 409


def test_acceptance_is_requested_once_its_criteria_are_met(client, project, manager):
    sponsor = member(project, Role.SPONSOR)
    url = address(project, "acceptances/")
    assert send(client, "post", url, chosen(manager, sponsor)).status_code == 409
    accepted_scope(project=project)
    answer = send(client, "post", url, chosen(manager, sponsor))
    assert (answer.status_code, answer.json()["state"], answer.json()["phase"]) == (201, "requested", None)
    assert send(client, "post", url, chosen(manager, sponsor)).status_code == 409


def test_consultants_send_neither_criteria_nor_acceptances(client, project):
    consultant = member(project, Role.CONSULTANT)
    client.force_login(consultant)
    criteria_set = accepted_scope(project=project)
    for path in (f"criteria/{criteria_set.pk}/send/", "acceptances/"):
        assert send(client, "post", address(project, path), chosen(consultant, consultant)).status_code == 403


def test_acceptance_of_another_projects_phase_is_refused(client, project, manager):
    foreign = PhaseFactory(number=9)
    answer = send(
        client, "post", address(project, "acceptances/"), chosen(manager, manager) | {"phase": foreign.number}
    )
    assert (answer.status_code, list(answer.json())) == (400, ["phase"])


def upload(client, project, content, **fields):
    file = SimpleUploadedFile("results.xml", content.encode())
    return client.post(address(project, "result-imports/"), {"file": file, **fields})


def test_result_import_takes_a_file_once(client, project, manager):
    case = CaseFactory(project=project, kind="functional")
    content = f"<testsuite><testcase name='{case.code}'/><testcase name='other'><failure/></testcase></testsuite>"
    first, again = upload(client, project, content, build="1.5"), upload(client, project, content)
    assert (first.status_code, again.status_code) == (201, 200)
    answer = first.json()
    assert {name: answer[name] for name in ("read", "passed", "failed", "mapped", "unmapped", "repeated")} == {
        "read": 2, "passed": 1, "failed": 1, "mapped": 1, "unmapped": 1, "repeated": False,
    }  # fmt: skip
    assert (answer["build"], answer["channel"]) == ("1.5", "api")
    assert (again.json()["number"], again.json()["repeated"]) == (answer["number"], True)


def test_result_import_rows_are_mapped_and_give_a_defect(client, project, manager):
    case = CaseFactory(project=project, kind="functional")
    upload(client, project, "<testsuite><testcase name='other'><failure message='no'/></testcase></testsuite>")
    base = address(project, "result-imports/1/")
    assert client.get(f"{base}rows/?case=none").json()["results"] == [
        {"row": 1, "name": "other", "outcome": "failed", "message": "no", "seconds": 0.0, "case": None}
    ]
    mapped = send(client, "post", f"{base}map/", {"row": 1, "case": case.number})
    assert (mapped.status_code, mapped.json()["mapped"]) == (200, 1)
    opened = send(client, "post", f"{base}defect/", {"row": 1, "severity": "minor"})
    assert (opened.status_code, opened.json()["defect"]) == (201, Defect.objects.get().number)
    assert send(client, "post", f"{base}defect/", {"row": 1}).status_code == 409
    assert send(client, "post", f"{base}map/", {"row": 1, "case": case.number}).status_code == 409
    assert send(client, "post", f"{base}map/", {"row": 7, "case": case.number}).status_code == 400


def test_result_import_refuses_what_cannot_be_read_and_gives_times(client, project, manager):
    refused = upload(client, project, "<testsuite>")
    assert (refused.status_code, refused.json()) == (400, {"file": ["The file is broken or cut off in line 1."]})
    times = upload(client, project, "elapsed,label,success\n7,Save,true\n").json()["times"]
    assert [(row["label"], row["samples"], row["p95_ms"]) for row in times] == [("", 1, None), ("Save", 1, None)]


def test_result_import_rows_are_for_the_vendors_people(client, project, key_user):
    row = ImportedRowFactory(result_import__project=project)
    base = address(project, f"result-imports/{row.result_import.number}/")
    assert client.get(base).status_code == 200
    assert client.get(f"{base}rows/").status_code == 403
    assert upload(client, project, "<testsuite/>").status_code == 403


def test_a_process_is_signed_off(client, project, key_user):
    run = ResultFactory(execution__run__project=project).execution.run
    url = address(project, f"test-runs/{run.number}/")
    (before,) = client.get(f"{url}processes/").json()
    assert (before["process"], before["passed"], before["signed_at"]) == ("Procure to pay", 1, None)
    (after,) = send(client, "post", f"{url}sign-off/", {"process": "Procure to pay"}).json()
    assert after["signed_by"] == key_user.name


def test_a_proposal_is_made_and_completed(client, project, key_user):
    step = {"action": "Scan the receipt", "expected": "The sale is shown"}
    proposal = {"title": "Give back goods", "why": "Every day", "steps": [step]}
    url = address(project, "test-case-proposals/")
    made = send(client, "post", url, proposal)
    assert (made.status_code, made.json()["code"]) == (201, "CP-001")
    assert send(client, "post", f"{url}1/decline/", {"reason": "No"}).status_code == 403
    client.force_login(member(project, Role.TESTER))
    case = send(client, "post", f"{url}1/complete/", {"title": "Give back goods", "steps": [step]})
    assert (case.status_code, case.json()["code"]) == (201, "TC-001")
    assert send(client, "post", f"{url}1/decline/", {"reason": "No"}).status_code == 409
    assert client.get(f"{url}1/").json()["case"] == 1


def test_suite_is_made_reordered_and_deleted(client, project, manager):
    first, second = CaseFactory.create_batch(2, project=project)
    made = send(
        client, "post", address(project, "test-suites/"), {"name": "Smoke", "cases": [second.number, first.number]}
    )
    assert (made.status_code, made.json()["cases"]) == (201, [second.number, first.number])
    path = address(project, f"test-suites/{made.json()['number']}/")
    changed = send(client, "patch", path, {"cases": [first.number]})
    assert (changed.json()["name"], changed.json()["cases"]) == ("Smoke", [first.number])
    taken = send(client, "post", address(project, "test-suites/"), {"name": "Smoke"})
    assert (taken.status_code, client.delete(path).status_code) == (409, 204)


def test_suite_never_holds_another_projects_case(client, project, manager):
    foreign = CaseFactory(number=99)
    response = send(client, "post", address(project, "test-suites/"), {"name": "Smoke", "cases": [foreign.number]})
    assert response.status_code == 400


def test_suites_are_the_teams_own(client, project, key_user):
    assert client.get(address(project, "test-suites/")).status_code == 403


def test_versions_of_a_case_are_read_by_the_vendor_alone(client, project, manager):
    path = address(project, "test-cases/")
    made = send(client, "post", path, {"title": "Book", "steps": [{"action": "Save", "expected": "Saved"}]}).json()
    send(client, "patch", f"{path}{made['number']}/", {"version": 1, "title": "Post", "audience": "customer"})
    versions = client.get(f"{path}{made['number']}/versions/").json()["results"]
    assert [(row["number"], row["title"], row["steps"][0]["action"]) for row in versions] == [
        (1, "Book", "Save"),
        (2, "Post", "Save"),
    ]
    client.force_login(member(project, Role.KEY_USER))
    assert client.get(f"{path}{made['number']}/versions/").status_code == 403
