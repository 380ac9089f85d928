"""The traceability matrix of 5,000 requirements: milliseconds until its first page is there, queries, and the workbook.

    python -m tests.benchmarks.traceability

Prints one line per figure with its limit; ends with status 1 above one.
"""

import sys
from datetime import date

import django
from django.core.management import call_command

from tests.benchmarks.measuring import Client, percentiles
from tests.benchmarks.pages import analyse, free_port, signed_in, start_server

REQUIREMENTS, CASES_EACH, ROUNDS, DEFECTS = 5_000, 2, 2, 1_000
LIMIT_MS, LIMIT_QUERIES = 400, 12
OUTCOMES = ["passed"] * 7 + ["failed", "blocked", "skipped"]


def main() -> int:
    django.setup()
    call_command("migrate", verbosity=0)
    project, user = load()
    analyse()
    path = f"/projects/{project.key}/traceability/"
    queries = count_queries(path, user)
    port = free_port()
    server = start_server(port)
    try:
        person = Client(port, signed_in(user))
        asked = [person.ask(path, expected=200) for _again in range(25)][5:]
        book = person.ask(f"{path}xlsx/", expected=200)
    finally:
        server.terminate()
        server.wait()
    first_ms = percentiles([took for took, _content in asked])
    print(
        f"matrix of {REQUIREMENTS:,} requirements, {REQUIREMENTS * CASES_EACH:,} cases, {ROUNDS} rounds: "
        f"p50 {first_ms.p50:.0f} ms, p95 {first_ms.p95:.0f} ms (limit {LIMIT_MS}), {queries} queries "
        f"(limit {LIMIT_QUERIES}), {len(asked[-1][1]) / 1000:.0f} KB raw"
    )
    print(f"its workbook: {book[0] / 1000:.1f} s, {len(book[1]) / 1000:.0f} KB")
    return int(first_ms.p95 > LIMIT_MS or queries > LIMIT_QUERIES)


def count_queries(path: str, user) -> int:
    from django.db import connection
    from django.test import Client as TestClient
    from django.test.utils import CaptureQueriesContext

    person = TestClient(headers={"host": "localhost"})
    person.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    with CaptureQueriesContext(connection) as captured:
        answer = person.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return len(captured)


def load():
    """Fill a project with requirements, two cases each, two rounds of results and a thousand open defects."""
    from django.utils import timezone

    from accounts.enums import OrganisationKind
    from accounts.models import Organisation, User
    from projects.enums import Audience, Role
    from projects.models import Membership, Project
    from quality.enums import RunState
    from quality.models import Defect, Execution, Result, TestCase, TestRun
    from requirements.models import Requirement

    vendor = Organisation.objects.create(name="Vendor", kind=OrganisationKind.VENDOR)
    customer = Organisation.objects.create(name="Customer", kind=OrganisationKind.CUSTOMER)
    user = User.objects.create(email="manager@example.com", name="Manager", organisation=vendor, language="en")
    project = Project.objects.create(
        key="TRACE-ERP", name="ERP roll-out", customer=customer, starts_on=date(2026, 1, 5), created_by=user
    )
    Membership.objects.create(project=project, user=user, role=Role.PROJECT_MANAGER)
    made = {"project": project, "created_by": user, "audience": Audience.CUSTOMER}
    requirements = Requirement.objects.bulk_create(
        (
            Requirement(number=n, title=f"Post an invoice with tax of kind {n}", statement="As agreed.", **made)
            for n in range(1, REQUIREMENTS + 1)
        ),
        batch_size=1000,
    )
    cases = TestCase.objects.bulk_create(
        (TestCase(number=n, title=f"Book an invoice {n}", **made) for n in range(1, REQUIREMENTS * CASES_EACH + 1)),
        batch_size=1000,
    )
    ties = TestCase.requirements.through
    ties.objects.bulk_create(
        (
            ties(testcase_id=case.pk, requirement_id=requirements[place // CASES_EACH].pk)
            for place, case in enumerate(cases)
        ),
        batch_size=1000,
    )
    now = timezone.now()
    for number in range(1, ROUNDS + 1):
        run = TestRun.objects.create(
            number=number,
            name=f"Round {number}",
            build=f"1.{number}.0",
            environment="UAT",
            state=RunState.RUNNING,
            started_at=now,
            started_by=user,
            **made,
        )
        executions = Execution.objects.bulk_create(
            (
                Execution(run=run, case=case, outcome=OUTCOMES[place % len(OUTCOMES)], executed_at=now)
                for place, case in enumerate(cases)
            ),
            batch_size=1000,
        )
        Result.objects.bulk_create(
            (
                Result(
                    execution=execution,
                    outcome=execution.outcome,
                    case_version=1,
                    steps=[],
                    requirement_versions={str(place // CASES_EACH + 1): 1},
                    build=run.build,
                    environment="UAT",
                    executed_by=user,
                    executed_at=now,
                )
                for place, execution in enumerate(executions)
            ),
            batch_size=1000,
        )
    Defect.objects.bulk_create(
        (
            Defect(
                project=project,
                number=n,
                title=f"Tax of kind {n} is rounded wrongly",
                seen="12.34",
                case=cases[n * 7 % len(cases)],
                reported_by=user,
                audience=Audience.CUSTOMER,
            )
            for n in range(1, DEFECTS + 1)
        ),
        batch_size=1000,
    )
    return project, user


if __name__ == "__main__":
    sys.exit(main())
