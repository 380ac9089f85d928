"""Steps that every story of the demo takes, each through the domain function that a page would call."""

from collections.abc import Iterable
from datetime import date
from uuid import uuid4

from accounts.models import User
from cockpit.domain.demo.clock import Story
from delivery.domain import tasks
from delivery.models import Task
from projects.domain import gates, phases, team
from projects.domain.phases import tick_item
from projects.domain.queries import people_of
from projects.enums import Audience, GateVerdict, PhaseItemKind
from projects.models import Phase, Project
from quality.domain import executions, suites
from quality.domain.executions import Observation
from quality.enums import Priority
from quality.models import Execution, Result, TestSuite
from signing.domain import requests, signatures
from signing.enums import Identification, Method, Side
from signing.models import SignatureRequest, Signer

ADDRESSES = {Side.VENDOR: "192.0.2.14", Side.CUSTOMER: "198.51.100.27"}  # documentation ranges, RFC 5737
DEVICES = {
    Side.VENDOR: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0",
    Side.CUSTOMER: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Safari/604.1",
}

GATE_WORDS = {
    "en": {
        "passed": "Results of the phase walked through against its check-list. Nothing stands against the next phase.",
        "with_action": "The results are complete but for one decision, which does not hold up the next phase.",
        "finding": "Two departments name the same master data differently; the owner of the term is not named.",
        "action": "Agree one name and its owner with both departments, and enter it in the glossary.",
        "outcome": "Agreed on the telephone with both heads; the glossary is changed and sent round.",
    },
    "zh-hans": {
        "passed": "对照检查清单逐项核对了本阶段成果，未发现影响下一阶段的问题。",
        "with_action": "除一项待定事项外成果齐全，该事项不影响下一阶段开始。",
        "finding": "两个部门对同一主数据叫法不同，术语的责任人未明确。",
        "action": "与两个部门商定统一名称及责任人，并登记到术语表。",
        "outcome": "已与两位部门负责人电话确认，术语表已更新并下发。",
    },
}


def join(project: Project, people: dict[str, User], roles: dict[str, Iterable[str]], *, by: User) -> None:
    """Let each person of `roles` (key: roles held) join the project."""
    for key, held in roles.items():
        team.add_member(project, people[key], held, by=by)


def both_sides(manager: User, sponsor: User) -> list[requests.SignerSpec]:
    """Return who signs: the vendor's manager first, then the customer's sponsor."""
    return [requests.SignerSpec(manager, Side.VENDOR, 1), requests.SignerSpec(sponsor, Side.CUSTOMER, 2)]


def sign(request: SignatureRequest, user: User, story: Story, day: int, clock: str) -> None:
    """Open a document and sign it with a typed name: the vendor from an account, the customer with a mailed code."""
    signer = request.signers.get(user=user)
    with story.at(day, clock):
        signatures.open_document(signer.pk)
        signatures.sign(
            signer.pk,
            signatures.Signature(name=user.name, job_title=user.job_title, method=Method.TYPED, consent=True),
            circumstances(signer),
        )


def decline(request: SignatureRequest, user: User, reason: str, story: Story, day: int, clock: str) -> None:
    """Open a document and decline it."""
    signer = request.signers.get(user=user)
    with story.at(day, clock):
        signatures.open_document(signer.pk)
        signatures.decline(signer.pk, reason, circumstances(signer))


def circumstances(signer: Signer) -> signatures.Circumstances:
    """How the demo's people are known: the vendor's by their account, the customer's by a mailed code."""
    by_code = signer.side == Side.CUSTOMER
    return signatures.Circumstances(
        identification=Identification.CODE if by_code else Identification.ACCOUNT,
        address=ADDRESSES[Side(signer.side)],
        device=DEVICES[Side(signer.side)],
    )


def walk_phases(project: Project, story: Story, *, on: date, by: User) -> None:
    """Start, review and finish phases as their dates say; the check-list of the present one is half done.

    After `work_off`: a review keeps how many tasks of its phase were done.
    """
    for phase in project.phases.order_by("number"):
        if phase.starts_on > on or not _may_open(phase):
            return
        with story.at((phase.starts_on - story.starts_on).days, "09:00"):
            phases.move_phase(phase.pk, "start", by=by)
        finished = phase.ends_on < on
        _tick(phase, story, by=by, all_items=finished)
        if finished:
            _review_gate(phase, story, by=by)
            with story.at((phase.ends_on - story.starts_on).days, "17:30"):
                phases.move_phase(phase.pk, "finish", by=by)


def _may_open(phase: Phase) -> bool:
    before = gates.phase_before(phase)
    return before is None or gates.is_passed(before)


def _review_gate(phase: Phase, story: Story, *, by: User) -> None:
    """Pass the gate; that of the second phase with an action, of which the owner reports a week later."""
    team = list(people_of(phase.project).filter(organisation=by.organisation)[:4])
    words = GATE_WORDS[phase.project.language]
    last = (phase.ends_on - story.starts_on).days
    has_action = phase.number == 2
    finding = gates.Finding(words["finding"], words["action"], team[0], story.day(last + 7))
    with story.at(last, "16:30"):
        review = gates.record_review(
            phase.pk,
            held_on=story.day(last),
            verdict=GateVerdict.PASS_WITH_ACTIONS if has_action else GateVerdict.PASS,
            participants=team,
            findings=[finding] if has_action else [],
            summary=words["with_action" if has_action else "passed"],
            shared_for_audit=True,
            by=by,
        )
    for row in review.findings.all():
        with story.at(last + 6, "11:20"):
            gates.finish_action(row.pk, outcome=words["outcome"], by=team[0])


def _tick(phase: Phase, story: Story, *, by: User, all_items: bool) -> None:
    items = list(phase.items.filter(kind=PhaseItemKind.CHECK))
    first, last = (phase.starts_on - story.starts_on).days, (phase.ends_on - story.starts_on).days
    for number, item in enumerate(items if all_items else items[: len(items) // 2], start=1):
        with story.at(first + (last - first) * number // (len(items) + 1), "16:00"):
            tick_item(item.pk, done=True, by=by)


def work_off(project: Project, story: Story, *, on: date, late: dict[str, int], by: User) -> None:
    """Report progress as the plan has it; `late` are titles (or their beginnings) that stand at a lower percentage."""
    for task in project.tasks.order_by("ends_on", "number"):
        percent = next((value for title, value in late.items() if task.title.startswith(title)), planned(task, on))
        if percent:
            with story.at(min((task.ends_on - story.starts_on).days, (on - story.starts_on).days), "17:00"):
                tasks.set_progress(task.pk, percent, by=task.owner or by)


def planned(task: Task, on: date) -> int:
    """How far a task is on a day if it runs as planned, in steps of 10 %."""
    if task.ends_on < on:
        return 100
    if task.starts_on > on or task.is_milestone:
        return 0
    return 10 * ((on - task.starts_on).days * 9 // max(1, (task.ends_on - task.starts_on).days))


def name_owners(project: Project, *, since: date, by: User) -> None:
    """Give the open work to the person who holds the role that the playbook names for it."""
    holders = {member.role: member.user for member in project.memberships.select_related("user").order_by("-pk")}
    for task in project.tasks.filter(owner=None, ends_on__gte=since).order_by("number"):
        if task.owner_role in holders:
            tasks.edit_task(task.pk, by=by, version=task.version, owner=holders[task.owner_role])


def share_milestones(project: Project, *, by: User) -> None:
    """Let the customer see the milestones that only the team saw."""
    for task in project.tasks.filter(is_milestone=True, audience=Audience.TEAM):
        tasks.edit_task(task.pk, by=by, version=task.version, audience=Audience.CUSTOMER)


def gather_suite(project: Project, name: str, purpose: str, *, by: User) -> TestSuite:
    """Gather the cases of the highest priority into a suite."""
    cases = project.test_cases.filter(priority=Priority.HIGH).order_by("number")[:6]
    return suites.create_suite(project, name=name, purpose=purpose, case_ids=[case.pk for case in cases], by=by)


def run_case(execution: Execution, seen: Observation, story: Story, day: int, clock: str, *, by: User) -> Result:
    """Record at `clock` of the story's `day` what was seen of the case."""
    execution.case.refresh_from_db()
    with story.at(day, clock):
        return executions.record_result(execution.pk, seen, by=by, case_version=execution.case.version, token=uuid4())
