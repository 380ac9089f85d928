"""An English retailer's POS roll-out, accepted and live, with months of health data and reports."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from cockpit.domain.demo import papers
from cockpit.domain.demo.auditing import Finding, follow_up, hold_audit
from cockpit.domain.demo.checks import Profile, generate_checks, write_csv
from cockpit.domain.demo.clock import Story
from cockpit.domain.demo.outcomes import Sides, accept_build
from cockpit.domain.demo.people import BRITAIN
from cockpit.domain.demo.steps import (
    both_sides,
    gather_suite,
    join,
    run_case,
    share_milestones,
    sign,
    walk_phases,
    work_off,
)
from projects.domain import projects
from projects.enums import Audience, Role
from projects.models import Project
from quality import sources
from quality.domain import acceptances, agreements, audits, checks, criteria_sets, defects, runs, signoffs
from quality.domain.executions import Observation
from quality.enums import CaseState, FindingGrade, Outcome, Severity
from quality.models import CriteriaSet, Execution
from requirements.domain import freezing, sending
from signing.models import SignatureRequest
from success.domain import reports
from success.domain.imports import import_checks
from success.domain.months import Month, closed_month
from success.models import MaintenanceWindow, MonitoredSystem

GO_LIVE = 112
STARTED = 262  # days ago: five months of delivery, then live for almost five
MONTHS_WATCHED = 4
SYSTEM = "till-api"


def tell(people: dict[str, User]) -> list[int]:
    """Tell the story up to today; return the ids of the documents that are to be sealed."""
    story = Story(timezone.localdate() - timedelta(days=STARTED), BRITAIN)
    manager, sponsor = people["wang.bin"], people["helen.marsh"]
    project = _start(story, people)
    sides = Sides(manager, people["luo.dan"], sponsor)
    documents = [
        _sign_scope(project, story, manager, sponsor),
        *accept_build(project, story, sides, people["han.tao"]),
        *_accept(project, story, people),
    ]
    with story.at(STARTED - 1):
        work_off(project, story, on=story.day(STARTED), late={}, by=manager)
        papers.hand_over(project, story, on=story.day(STARTED), stand_ins=[manager, people["luo.dan"]])
        walk_phases(project, story, on=story.day(STARTED), by=manager)
    _audit(project, story, people)
    with story.at(GO_LIVE, "07:30"):
        projects.move_project(project.pk, "go_live", by=manager)
    _watch(project, story, people)
    return [document.pk for document in documents]


def _start(story: Story, people: dict[str, User]) -> Project:
    manager = people["wang.bin"]
    with story.at(0, "09:30"):
        project = projects.start_project(
            key="FH-POS",
            name="Fairholm POS roll-out",
            customer=people["helen.marsh"].organisation,
            language="en",
            playbook="pos_rollout",
            starts_on=story.day(0),
            go_live_on=story.day(GO_LIVE),
            manager=manager,
            summary="One till system for 42 stores in place of three, with stock seen in head office within a minute.",
            by=people["zhou.bin"],
        )
        join(
            project,
            people,
            {
                "luo.dan": [Role.CONSULTANT],
                "han.tao": [Role.ENGINEER],
                "li.lin": [Role.TESTER],
                "zhang.bo": [Role.CSM],
                "he.nan": [Role.CSM],
                "gu.yuying": [Role.EXECUTIVE],
                "helen.marsh": [Role.SPONSOR],
                "oliver.grant": [Role.REPRESENTATIVE],
                "priya.nair": [Role.KEY_USER],
                "ruth.calder": [Role.AUDITOR],
            },
            by=manager,
        )
        share_milestones(project, by=manager)
        papers.share_out(project, by=manager)
    return project


def _audit(project: Project, story: Story, people: dict[str, User]) -> None:
    """An audit of how tests and changes are kept, before the stores open; closed within the month."""
    auditor, run = people["ruth.calder"], project.test_runs.get()
    found = [
        Finding(
            FindingGrade.MINOR,
            "8.3.4",
            "One defect was closed on the word of the engineer; no one repeated the test that had failed.",
            "History of the defects of UAT, interview with the tester on the day of the audit.",
            about=run,
            cause="The team agreed by telephone that the next round would show it.",
            action="Close no defect without a passed retest by the person who found it, and say so in the test plan.",
            owner="li.lin",
            due=10,
            done="The rule is in the test plan; the case was run again and passed.",
            proof=("test-plan-section-4.txt", "4.3 A defect is closed by a passed retest of its finder."),
        ),
        Finding(
            FindingGrade.OBSERVATION,
            "8.3.6",
            "Changes to the till layout are agreed in messages and written down a few days later.",
            "Two changes of the week before the audit, both recorded in the end.",
        ),
    ]
    audit = hold_audit(
        project,
        story,
        day=GO_LIVE + 10,
        plan={
            "title": "Design, testing and change control",
            "standard": "ISO 9001:2015, 8.3",
            "scope": "How requirements, tests and changes of the roll-out are kept, from the scope to acceptance.",
        },
        shared=[run, *project.baselines.all(), *project.signature_requests.binding(), *project.test_cases.all()[:6]],
        found=found,
        conclusion="The roll-out is run as ISO 9001:2015, 8.3 asks. One lapse in testing is to be mended in ten days; "
        "the evidence of scope and acceptance is complete and could be checked against its seals.",
        auditor=auditor,
        people=people,
        by=people["wang.bin"],
    )
    follow_up(audit, story, day=GO_LIVE + 19, found=found, auditor=auditor)
    with story.at(GO_LIVE + 21, "09:50"):
        audits.close_audit(audit.pk, by=auditor)


def _sign_scope(project: Project, story: Story, manager: User, sponsor: User) -> SignatureRequest:
    with story.at(30, "15:10"):
        baseline = freezing.freeze(project, by=manager, share=True)
        request = sending.send_baseline(baseline.pk, signers=both_sides(manager, sponsor), by=manager)
    sign(request, manager, story, 30, "15:22")
    sign(request, sponsor, story, 32, "18:05")
    return request


def _accept(project: Project, story: Story, people: dict[str, User]) -> list[SignatureRequest]:
    """Agree criteria, test, mend what fails, and have the whole project accepted."""
    manager, sponsor = people["wang.bin"], people["helen.marsh"]
    with story.at(70, "11:00"):
        criteria_set = CriteriaSet.objects.of_scope(project, None).first()
        criteria_set = criteria_set or criteria_sets.start_set(project, None, by=manager)
        agreement = agreements.send(criteria_set.pk, signers=both_sides(manager, sponsor), by=manager).document
    sign(agreement, manager, story, 70, "11:09")
    sign(agreement, sponsor, story, 71, "09:31")
    _test(project, story, people)
    criteria_set.refresh_from_db()
    for criterion in criteria_set.criteria.all():
        if sources.get(criterion.source).is_manual:
            with story.at(108, "14:00"):
                checks.record_check(
                    criterion.pk,
                    value=criterion.threshold,
                    comment="Seen together with Oliver Grant; the list is kept with the store packs.",
                    by=people["luo.dan"],
                )
    with story.at(109, "10:00"):
        acceptance = acceptances.request_acceptance(
            project, None, by=manager, signers=both_sides(manager, sponsor)
        ).document
    sign(acceptance, manager, story, 109, "10:04")
    sign(acceptance, sponsor, story, 110, "16:48")
    return [agreement, acceptance]


def _test(project: Project, story: Story, people: dict[str, User]) -> None:
    manager, key_user = people["wang.bin"], people["priya.nair"]
    with story.at(82, "14:00"):
        gather_suite(project, "Smoke test", "Run on every build before it goes to a store.", by=people["li.lin"])
    with story.at(84, "09:00"):
        run = runs.create_run(
            project,
            by=people["li.lin"],
            name="UAT in the pilot stores",
            build="5.2.0",
            environment="Production",
            site="Bristol and Bath",
        )
        cases = project.test_cases.filter(state=CaseState.ACTIVE).order_by("number")
        runs.plan_cases(run.pk, dict.fromkeys(cases.values_list("pk", flat=True), key_user), by=manager)
        runs.start_run(run.pk, by=manager)
    executions = list(Execution.objects.filter(run=run).select_related("case").order_by("case__number"))
    failing = executions[len(executions) // 2]
    for number, execution in enumerate(executions):
        seen = Observation(Outcome.PASSED)
        if execution == failing:
            words = "The second receipt of a split payment shows the amount of the first."
            seen = Observation(Outcome.FAILED, words, 1, Severity.MAJOR)
        run_case(execution, seen, story, 85 + number // 4, f"{9 + number % 8:02}:15", by=key_user)
    (defect,) = project.defects.all()
    with story.at(93, "09:20"):
        defects.edit_defect(defect.pk, by=manager, owner=people["han.tao"], fix_planned_on=story.day(96))
    with story.at(96, "13:00"):
        defects.fix_defect(defect.pk, by=people["han.tao"], fixed_in="5.2.1")
    run_case(failing, Observation(Outcome.PASSED, "Both receipts are right now."), story, 97, "10:10", by=key_user)
    with story.at(98, "15:30"):
        for process in signoffs.processes_of(run, key_user):
            signoffs.sign_off(run.pk, process.name, by=key_user)
    with story.at(100, "17:00"):
        runs.finish_run(run.pk, by=manager)


def _watch(project: Project, story: Story, people: dict[str, User]) -> None:
    """Import four closed months of checks and the present one, and bring the reports as far as life would have."""
    csm, now = people["zhang.bo"], timezone.now()
    months = [closed_month(now, BRITAIN)]
    while len(months) < MONTHS_WATCHED:
        months.insert(0, months[0].previous)
    start, end = months[0].span(BRITAIN).start, now - timedelta(minutes=20)
    night = _maintenance_night(months[1])
    profile = Profile(
        name=SYSTEM,
        zone=BRITAIN,
        growth_per_month=0.04,
        outages_per_month=2.5,
        open_hours=(7, 22),
        works_weekends=True,
        maintenance=[night],
    )
    made = generate_checks(20260101, start, end, profile)
    import_checks(project, write_csv(SYSTEM, made).encode(), file_name="till-api.csv", by=csm)
    system = MonitoredSystem.objects.get(project=project, name=SYSTEM)
    _agree_service(system, night, months[0], by=csm)
    for month in months:
        _report(system, month, story, people, is_last=month == months[-1])


def _maintenance_night(month: Month) -> tuple[datetime, datetime]:
    begin = month.span(BRITAIN).start + timedelta(days=13, hours=1)
    return begin, begin + timedelta(hours=2)


def _agree_service(system: MonitoredSystem, night: tuple[datetime, datetime], first: Month, *, by: User) -> None:
    system.live_from, system.target_p95_ms, system.audience = first.first_day, 800, Audience.CUSTOMER
    trail.save(system, by=by)
    window = MaintenanceWindow(
        system=system,
        starts_at=night[0],
        ends_at=night[1],
        announced_at=night[0] - timedelta(days=7),
        agreed_with="Oliver Grant",
        reason="Upgrade of the database server",
        created_by=by,
    )
    trail.save(window, by=by)


def _report(system: MonitoredSystem, month: Month, story: Story, people: dict[str, User], *, is_last: bool) -> None:
    csm, last = people["zhang.bo"], (month.last_day - story.starts_on).days
    with story.at(last + 1, "02:00") as now:
        report = reports.draft_report(system.pk, month, now=now)
    if is_last:
        return
    with story.at(last + 3, "15:00"):
        reports.submit_report(report.pk, by=csm)
        reports.publish_report(report.pk, by=csm)
    with story.at(last + 5, "09:10"):
        reports.acknowledge_report(report.pk, by=people["oliver.grant"])
