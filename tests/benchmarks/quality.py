"""Quality in a large project: what a person waits for, in milliseconds of a request that nothing else disturbs.

    python -m tests.benchmarks.quality

Prints one line per figure with its limit; ends with status 1 above one.
"""

import sys
import uuid
from collections.abc import Callable
from itertools import count, cycle
from urllib.parse import urlencode

import django
from django.core.management import call_command

from tests.benchmarks.measuring import Client, percentiles
from tests.benchmarks.pages import analyse, free_port, signed_in, start_server

EXECUTIONS, STEPS = 1_000, 6
CASES = 20_000
SEARCH_LIMIT_MS, SEARCH_LIMIT_KB = 40, 60
OPEN_LIMIT_MS, OPEN_LIMIT_KB, SAVE_LIMIT_MS = 105, 200, 22


def main() -> int:
    django.setup()
    call_command("migrate", verbosity=0)
    # Each loads its rows, and returns what asks for them and how often a limit is exceeded.
    measures = [run_of_1000(), search_of_20000()]
    analyse()
    port = free_port()
    server = start_server(port)
    try:
        exceeded = sum(measure(port) for measure in measures)
    finally:
        server.terminate()
        server.wait()
    return int(exceeded > 0)


def run_of_1000() -> Callable[[int], int]:
    """Opening the work page of a run, which holds all that is needed to start, and saving one result."""
    run, tester = load_run()

    def measured(port: int) -> int:
        person = Client(port, signed_in(tester))
        page = run.get_work_url()
        opened = [person.ask(page, expected=200) for _again in range(40)][10:]
        kilobytes = len(opened[-1][1]) / 1000
        numbers = cycle(range(1, EXECUTIONS + 1))
        saved = [save(person, f"{run.get_absolute_url()}cases/{next(numbers)}/send/") for _again in range(220)][20:]
        open_ms, save_ms = percentiles([took for took, _content in opened]).p50, percentiles(saved).p50
        print(
            f"a run of {EXECUTIONS:,} executions: 1 request, {open_ms:.0f} ms (limit {OPEN_LIMIT_MS}), "
            f"{kilobytes:.0f} KB raw (limit {OPEN_LIMIT_KB}); "
            f"one result saved: {save_ms:.1f} ms (limit {SAVE_LIMIT_MS})"
        )
        return (open_ms > OPEN_LIMIT_MS) + (kilobytes > OPEN_LIMIT_KB) + (save_ms > SAVE_LIMIT_MS)

    return measured


def search_of_20000() -> Callable[[int], int]:
    """The list of test cases asked by words: some that many have, one that few have, one that none has, in Chinese."""
    project, author = load_library()
    words = ("invoice tax", "kind 777", "nowhere", "供应商 发票", "三单匹配")

    def measured(port: int) -> int:
        person, exceeded = Client(port, signed_in(author)), 0
        for text in words:
            page = f"/projects/{project.key}/tests/?{urlencode({'q': text})}"
            asked = [person.ask(page, expected=200) for _again in range(40)][10:]
            took_ms = percentiles([took for took, _content in asked]).p50
            kilobytes = len(asked[-1][1]) / 1000
            print(
                f"{CASES:,} test cases searched for “{text}”: {took_ms:.0f} ms (limit {SEARCH_LIMIT_MS}), "
                f"{kilobytes:.0f} KB raw (limit {SEARCH_LIMIT_KB})"
            )
            exceeded += (took_ms > SEARCH_LIMIT_MS) + (kilobytes > SEARCH_LIMIT_KB)
        return exceeded

    return measured


def load_library():
    """Fill a project with test cases; return it, and a tester of its team."""
    from datetime import date

    from accounts.enums import OrganisationKind
    from accounts.models import Organisation, User
    from projects.enums import Role
    from projects.models import Membership, Project
    from quality.models import TestCase

    customer = Organisation.objects.create(name="Owner of many cases", kind=OrganisationKind.CUSTOMER)
    vendor, _made = Organisation.objects.get_or_create(kind=OrganisationKind.VENDOR, defaults={"name": "Vendor"})
    author = User.objects.create(email="author@example.com", name="Author", organisation=vendor, language="en")
    project = Project.objects.create(
        key="LIB-ERP", name="Test library", customer=customer, starts_on=date(2026, 1, 5), created_by=author
    )
    Membership.objects.create(project=project, user=author, role=Role.TESTER)
    wordings = (
        ("Book an incoming invoice with tax of kind {}", "An order with three lines is open, goods received."),
        ("登记供应商发票并完成三单匹配 {}", "采购订单已审批，货物已全部入库，供应商主数据完整。"),
        ("Return {} of ten pieces to the supplier", "The delivery is booked and not yet paid."),
        ("按批次出库并核对库存 {}", "仓库中有该物料的两个批次，先进先出规则已启用。"),
    )
    TestCase.objects.bulk_create(
        (
            TestCase(
                project=project,
                number=number,
                title=wordings[number % 4][0].format(number),
                process=f"Process {number % 12:02}",
                preconditions=wordings[number % 4][1],
                created_by=author,
            )
            for number in range(1, CASES + 1)
        ),
        batch_size=1000,
    )
    return project, author


def save(person: Client, path: str) -> float:
    values = {"token": uuid.uuid4(), "case_version": 1, "outcome": "passed", "comment": "", "marks": '{"1": "passed"}'}
    return person.ask(path, expected=200, body=urlencode(values))[0]


def load_run():
    """Fill a project with a running UAT run; return it, and a key user who may run all of it."""
    from datetime import date

    from django.utils import timezone

    from accounts.enums import OrganisationKind
    from accounts.models import Organisation, User
    from projects.enums import Audience, Role
    from projects.models import Membership, Project
    from quality.enums import RunState
    from quality.models import Execution, TestCase, TestRun, TestStep

    customer = Organisation.objects.create(name="Customer", kind=OrganisationKind.CUSTOMER)
    tester = User.objects.create(email="tester@example.com", name="Tester", organisation=customer, language="en")
    project = Project.objects.create(
        key="UAT-ERP", name="ERP roll-out", customer=customer, starts_on=date(2026, 1, 5), created_by=tester
    )
    Membership.objects.create(project=project, user=tester, role=Role.KEY_USER)
    run = TestRun.objects.create(
        project=project,
        number=1,
        name="Round 1",
        build="1.4.0",
        environment="UAT",
        created_by=tester,
        state=RunState.RUNNING,
        audience=Audience.CUSTOMER,
        started_at=timezone.now(),
        started_by=tester,
    )
    serial = count(1)
    cases = TestCase.objects.bulk_create(
        TestCase(
            project=project,
            number=number,
            title=f"Book an incoming invoice with tax of kind {number}",
            process=f"Process {number % 12:02}",
            preconditions="An order with three lines is open, and the goods have been received.",
            audience=Audience.CUSTOMER,
            created_by=tester,
        )
        for number in (next(serial) for _case in range(EXECUTIONS))
    )
    TestStep.objects.bulk_create(
        (
            TestStep(
                case=case,
                position=position,
                action=f"Open the invoice, choose line {position} and enter the amount that the paper shows",
                test_data=f"Invoice 4711-{position}, 1,190.00 with 19 % tax",
                expected="The line shows the net amount, the tax and the account that the order proposes",
            )
            for case in cases
            for position in range(1, STEPS + 1)
        ),
        batch_size=2000,
    )
    Execution.objects.bulk_create(Execution(run=run, case=case) for case in cases)
    return run, tester


if __name__ == "__main__":
    sys.exit(main())
