from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from audit.models import Entry
from common import pdf
from notices.models import Message
from projects.domain import sharing
from projects.domain.errors import CannotBeShared, FileOfHiddenThing
from projects.enums import Audience, Role
from projects.roles import visible_in
from quality import tasks
from quality.domain import audit_actions, audit_findings, audit_reports, audits
from quality.domain.errors import (
    AboutIsNotShared,
    ActionMoveNotAllowed,
    ActionsNotVerified,
    AuditMoveNotAllowed,
    AuditorsOfOneOrganisation,
    EvidenceMissing,
    FindingIsSettled,
    FindingsAreOpen,
    NothingWasDone,
    OwnerDoesNotFit,
)
from quality.enums import ActionState, AuditState, FindingState
from quality.models import ActionEvent, Audit, AuditFinding, CorrectiveAction, Defect
from tests.accounts.factories import UserFactory
from tests.projects.factories import AttachmentFactory, ProjectFactory, member
from tests.quality.factories import ActionFactory, AuditFactory, DefectFactory, FindingFactory
from tests.signing.factories import row

pytestmark = pytest.mark.django_db

PLAN = {
    "title": "Design and development",
    "standard": "ISO 9001:2015 8.3",
    "scope": "All of it",
    "starts_on": "2026-06-01",
    "ends_on": "2026-06-05",
}
FOUND = {"grade": "minor", "clause": "8.3.4", "statement": "No minutes", "evidence": "None for 12 May"}


def mails_to(person):
    return list(
        Message.objects.filter(recipient=person, channel="email").order_by("pk").values_list("subject", flat=True)
    )


def picture():
    return SimpleUploadedFile("proof.txt", b"Minutes of the review", "text/plain")


def verified_action(finding):
    return ActionFactory(finding=finding, state=ActionState.VERIFIED)


# --- planning and opening -------------------------------------------------------------------------------------------


def test_plan_audit_takes_the_organisation_of_its_people_and_shows_them_nothing():
    project, defect = ProjectFactory(), None
    auditor, manager = member(project, Role.AUDITOR), member(project, Role.PROJECT_MANAGER)
    audit = audits.plan_audit(project, people=[auditor], by=manager, **PLAN)
    defect = DefectFactory(project=project)
    audits.share(audit.pk, defect, by=manager)
    assert (audit.number, audit.state, audit.organisation) == (1, AuditState.PLANNED, auditor.organisation)
    assert list(visible_in(Defect.objects.all(), auditor, project)) == []
    assert Entry.objects.get(action="create", object_type="quality.audit").facts == {"people": auditor.name}


@pytest.mark.parametrize("case", ["nobody", "two organisations", "the vendor's", "not of the project", "customer's"])
def test_plan_audit_refuses_people_who_are_not_auditors_of_one_organisation(case):
    project = ProjectFactory()
    auditor = member(project, Role.AUDITOR)
    people = {
        "nobody": [],
        "two organisations": [auditor, member(project, Role.AUDITOR)],
        "the vendor's": [member(project, Role.TESTER)],
        "not of the project": [UserFactory(organisation=auditor.organisation)],
        "customer's": [member(project, Role.SPONSOR)],
    }[case]
    with pytest.raises(AuditorsOfOneOrganisation):
        audits.plan_audit(project, people=people, by=UserFactory(), **PLAN)


def test_open_audit_tells_its_people_who_now_see_what_is_shared():
    audit = AuditFactory(state=AuditState.PLANNED)
    defect = DefectFactory(project=audit.project)
    audits.share(audit.pk, defect, by=audit.created_by)
    audits.open_audit(audit.pk, by=audit.created_by)
    assert mails_to(audit.auditor) == [f"AU-001 is open to you: {audit.title}"]
    assert list(visible_in(Defect.objects.all(), audit.auditor, audit.project)) == [defect]


@pytest.mark.parametrize(
    ("move", "fields"), [("open_audit", {}), ("report_audit", {"conclusion": "Good"}), ("close_audit", {})]
)
@pytest.mark.parametrize("state", AuditState)
def test_a_move_starts_only_from_its_states(move, fields, state, monkeypatch):
    monkeypatch.setattr("quality.domain.audit_reports.keep", lambda audit: ("audits/none.pdf", "0" * 64))
    sources, target = audits.MOVES[move.removesuffix("_audit")]
    audit = AuditFactory(state=state)
    if state in sources:
        assert getattr(audits, move)(audit.pk, by=audit.auditor, **fields).state == target
    else:
        with pytest.raises(AuditMoveNotAllowed):
            getattr(audits, move)(audit.pk, by=audit.auditor, **fields)


def test_edit_audit_tells_who_joins_an_open_audit_and_lets_who_leaves_see_nothing():
    audit = AuditFactory()
    leaver, joiner = audit.auditor, member(audit.project, Role.AUDITOR, organisation=audit.organisation)
    DefectFactory(project=audit.project)
    audits.share(audit.pk, Defect.objects.get(), by=audit.created_by)
    audits.edit_audit(audit.pk, people=[joiner], by=audit.created_by, title="Development")
    assert mails_to(joiner) == ["AU-001 is open to you: Development"]
    assert visible_in(Defect.objects.all(), joiner, audit.project).exists()
    audits_of_leaver = leaver.audit_accesses.filter(pk=audit.access_id)
    assert not audits_of_leaver.exists()


@pytest.mark.parametrize("state", [AuditState.REPORTED, AuditState.CLOSED])
def test_edit_audit_refuses_what_is_reported(state):
    audit = AuditFactory(state=state)
    with pytest.raises(AuditMoveNotAllowed):
        audits.edit_audit(audit.pk, people=[audit.auditor], by=audit.created_by, title="Other")


# --- findings -------------------------------------------------------------------------------------------------------


def test_record_finding_numbers_it_and_tells_the_manager():
    audit = AuditFactory()
    manager = member(audit.project, Role.PROJECT_MANAGER)
    FindingFactory(audit=audit)
    finding = audit_findings.record_finding(audit.pk, by=audit.auditor, files=[picture()], **FOUND)
    assert (finding.code, finding.state, finding.recorded_by) == ("F-02", FindingState.OPEN, audit.auditor)
    assert [file.audience for file in finding.attachments.all()] == [Audience.TEAM]
    assert mails_to(manager) == ["New audit finding AU-001 F-02: Minor nonconformity"]
    assert Entry.objects.filter(action="record", object_type="quality.auditfinding").count() == 1


def test_record_finding_names_what_is_shared_and_refuses_what_is_not():
    audit = AuditFactory()
    shared, hidden = DefectFactory(project=audit.project), DefectFactory(project=audit.project)
    audits.share(audit.pk, shared, by=audit.created_by)
    finding = audit_findings.record_finding(audit.pk, by=audit.auditor, about=shared, **FOUND)
    assert (finding.about, finding.about_label) == (shared, str(shared))
    with pytest.raises(AboutIsNotShared):
        audit_findings.record_finding(audit.pk, by=audit.auditor, about=hidden, **FOUND)


@pytest.mark.parametrize("state", sorted(set(AuditState) - {AuditState.OPEN}))
def test_record_finding_refuses_an_audit_that_is_not_open(state):
    audit = AuditFactory(state=state)
    with pytest.raises(AuditMoveNotAllowed):
        audit_findings.record_finding(audit.pk, by=audit.auditor, **FOUND)


def test_withdraw_finding_keeps_it_with_the_reason():
    finding = FindingFactory()
    audit_findings.withdraw_finding(finding.pk, reason="The minutes were found", by=finding.recorded_by)
    finding.refresh_from_db()
    assert (finding.state, finding.remark) == (FindingState.WITHDRAWN, "The minutes were found")
    with pytest.raises(FindingIsSettled):
        audit_findings.withdraw_finding(finding.pk, reason="Again", by=finding.recorded_by)


def test_withdraw_finding_refuses_once_it_is_reported():
    finding = FindingFactory(audit__state=AuditState.REPORTED)
    with pytest.raises(AuditMoveNotAllowed):
        audit_findings.withdraw_finding(finding.pk, reason="Late", by=finding.recorded_by)


def test_close_finding_asks_for_verified_actions():
    finding = FindingFactory()
    with pytest.raises(NothingWasDone):
        audit_findings.close_finding(finding.pk, by=finding.recorded_by)
    verified_action(finding)
    open_one = ActionFactory(finding=finding, state=ActionState.DONE)
    with pytest.raises(ActionsNotVerified) as refused:
        audit_findings.close_finding(finding.pk, by=finding.recorded_by)
    assert str(refused.value) == "AU-001 F-01 has corrective actions that are not verified: CA-01.2."
    audit_actions.verify_action(open_one.pk, by=finding.recorded_by)
    assert audit_findings.close_finding(finding.pk, by=finding.recorded_by).state == FindingState.CLOSED


def test_close_finding_lets_an_observation_be_closed_without_an_action():
    finding = FindingFactory(grade="observation")
    assert audit_findings.close_finding(finding.pk, by=finding.recorded_by).state == FindingState.CLOSED


# --- corrective actions ---------------------------------------------------------------------------------------------


def test_plan_action_numbers_it_and_tells_its_owner():
    finding = FindingFactory()
    owner = member(finding.project, Role.ENGINEER)
    fields = {"cause": "Nobody was named", "action": "Name a writer", "due_on": "2026-06-30"}
    action = audit_actions.plan_action(finding.pk, owner=owner, by=UserFactory(), **fields)
    assert (action.code, action.state) == ("CA-01.1", ActionState.TO_DO)
    assert len(mails_to(owner)) == 1


@pytest.mark.parametrize(
    ("role", "audience", "fits"),
    [
        (Role.TESTER, Audience.TEAM, True),
        (Role.KEY_USER, Audience.TEAM, False),
        (Role.KEY_USER, Audience.CUSTOMER, True),
        (Role.AUDITOR, Audience.CUSTOMER, False),
    ],
)
def test_plan_action_owner_sees_the_audit_and_is_no_auditor(role, audience, fits):
    finding = FindingFactory(audit__audience=audience)
    fields = {"cause": "c", "action": "a", "due_on": "2026-06-30", "owner": member(finding.project, role)}
    if fits:
        assert audit_actions.plan_action(finding.pk, by=UserFactory(), **fields).owner == fields["owner"]
    else:
        with pytest.raises(OwnerDoesNotFit):
            audit_actions.plan_action(finding.pk, by=UserFactory(), **fields)


def test_an_action_goes_from_done_back_and_to_verified_with_every_step_on_record():
    action = ActionFactory()
    auditor = action.finding.recorded_by
    with pytest.raises(EvidenceMissing):
        audit_actions.report_done(action.pk, text="Done", files=[], by=action.owner)
    audit_actions.report_done(action.pk, text="Named in the agenda", files=[picture()], by=action.owner)
    audit_actions.send_back_action(action.pk, reason="The agenda of June lacks it", by=auditor)
    audit_actions.report_done(action.pk, text="In June as well", files=[picture()], by=action.owner)
    audit_actions.verify_action(action.pk, by=auditor)
    action.refresh_from_db()
    assert action.state == ActionState.VERIFIED
    assert [event.kind for event in action.events.all()] == ["done", "returned", "done", "verified"]
    assert [event.attachments.count() for event in action.events.all()] == [1, 0, 1, 0]
    assert mails_to(action.owner) == ["CA-01.1 came back: something is missing", "CA-01.1 is verified"]
    assert mails_to(auditor) == ["To verify: CA-01.1 of AU-001 F-01"] * 2


@pytest.mark.parametrize("state", ActionState)
@pytest.mark.parametrize("move", sorted(audit_actions.MOVES))
def test_an_action_moves_only_from_its_states(move, state):
    action = ActionFactory(state=state)
    sources, target = audit_actions.MOVES[move]
    call = {
        "report_done": lambda: audit_actions.report_done(action.pk, text="Done", files=[picture()], by=action.owner),
        "verify": lambda: audit_actions.verify_action(action.pk, by=action.owner),
        "send_back": lambda: audit_actions.send_back_action(action.pk, reason="More", by=action.owner),
    }[move]
    if state in sources:
        assert call().state == target
    else:
        with pytest.raises(ActionMoveNotAllowed):
            call()


# --- closing --------------------------------------------------------------------------------------------------------


def test_close_audit_refuses_open_findings():
    finding = FindingFactory(audit__state=AuditState.REPORTED)
    with pytest.raises(FindingsAreOpen) as refused:
        audits.close_audit(finding.audit_id, by=finding.recorded_by)
    assert str(refused.value) == "AU-001 has open findings: F-01. Close them first."


def test_close_audit_ends_what_its_people_see():
    audit = AuditFactory(state=AuditState.REPORTED)
    audits.share(audit.pk, DefectFactory(project=audit.project), by=audit.created_by)
    assert visible_in(Defect.objects.all(), audit.auditor, audit.project).exists()
    audits.close_audit(audit.pk, by=audit.auditor)
    audit.access.refresh_from_db()
    assert not audit.access.is_open
    with pytest.raises(AuditMoveNotAllowed):
        audits.share(audit.pk, Defect.objects.get(), by=audit.created_by)


# --- what the database holds ----------------------------------------------------------------------------------------


def refused(match, write):
    with pytest.raises(IntegrityError, match=match), transaction.atomic():
        write()


def test_the_database_keeps_what_a_finding_says():
    finding = FindingFactory()
    refused("is not changed", lambda: AuditFinding.objects.filter(pk=finding.pk).update(statement="All is well"))
    refused("is not changed", lambda: AuditFinding.objects.filter(pk=finding.pk).update(grade="observation"))
    refused("is not deleted", lambda: AuditFinding.objects.filter(pk=finding.pk).delete())


def test_the_database_closes_a_finding_only_over_verified_actions():
    finding, person = FindingFactory(), UserFactory()
    close = {"state": "closed", "settled_at": "2026-06-02T00:00Z", "settled_by": person}
    refused("are verified", lambda: AuditFinding.objects.filter(pk=finding.pk).update(**close))
    ActionFactory(finding=finding, state=ActionState.DONE)
    refused("are verified", lambda: AuditFinding.objects.filter(pk=finding.pk).update(**close))
    CorrectiveAction.objects.update(state=ActionState.VERIFIED)
    assert AuditFinding.objects.filter(pk=finding.pk).update(**close) == 1


def test_the_database_keeps_actions_and_their_steps():
    action = verified_action(FindingFactory())
    event = ActionEvent.objects.create(action=action, kind="verified", by=action.owner, at="2026-06-02T00:00Z")
    refused("is not changed", lambda: CorrectiveAction.objects.update(state="to_do"))
    refused("append-only", lambda: ActionEvent.objects.filter(pk=event.pk).update(text="Other"))
    refused("is not deleted", lambda: CorrectiveAction.objects.filter(pk=ActionFactory().pk).delete())


def test_the_database_keeps_a_reported_audit_and_closes_none_over_open_findings():
    finding = FindingFactory(audit__state=AuditState.REPORTED)
    rows = Audit.objects.filter(pk=finding.audit_id)
    refused("is not changed", lambda: rows.update(conclusion="All is well"))
    refused("is not changed", lambda: rows.update(report_sha256="1" * 64))
    closing = {"state": "closed", "closed_at": "2026-06-09T00:00Z", "closed_by": finding.recorded_by}
    refused("when its findings are", lambda: rows.update(**closing))


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("quality_audit_report_matches_state", {"state": "reported"}),
        ("quality_audit_closing_matches_state", {"closed_at": "2026-06-09T00:00Z"}),
        ("quality_audit_ends_after_it_starts", {"ends_on": "2026-05-01"}),
    ],
)
def test_the_database_keeps_state_and_what_belongs_to_it_together(constraint, fields):
    audit = AuditFactory()
    refused(constraint, lambda: Audit.objects.filter(pk=audit.pk).update(**fields))


def test_sharing_refuses_what_is_not_signed_yet_and_what_is_of_another_project():
    audit = AuditFactory()
    for thing in (row(audit.project), DefectFactory()):
        with pytest.raises(CannotBeShared):
            audits.share(audit.pk, thing, by=audit.created_by)


def test_sharing_a_file_asks_for_the_thing_it_hangs_on():
    audit = AuditFactory()
    defect = DefectFactory(project=audit.project)
    file = AttachmentFactory(project=audit.project, target=defect)
    with pytest.raises(FileOfHiddenThing):
        audits.share(audit.pk, file, by=audit.created_by)
    audits.share(audit.pk, defect, by=audit.created_by)
    audits.share(audit.pk, file, by=audit.created_by)
    assert sharing.shows(audit.access, file)
    audits.unshare(audit.pk, defect, by=audit.created_by)
    assert not sharing.shows(audit.access, file)


# --- reminders ------------------------------------------------------------------------------------------------------


def remind_all(moment):
    for action, today in audit_actions.to_remind(moment):
        audit_actions.remind(action.pk, today)


@pytest.mark.parametrize(("day", "mails"), [(26, 0), (27, 1), (30, 1)])
def test_remind_of_an_action_once_from_three_days_before_it_is_due(day, mails):
    action = ActionFactory(due_on=date(2026, 6, 30))
    for hour in (1, 9, 15):  # 09:00 to 23:00 of the same day where the project is
        remind_all(datetime(2026, 6, day, hour, tzinfo=UTC))
    assert len(mails_to(action.owner)) == mails


def test_remind_of_an_overdue_action_every_day_until_it_is_done():
    action = ActionFactory(due_on=date(2026, 6, 30))
    for day in (1, 2):
        for _again in range(2):
            remind_all(datetime(2026, 7, day, 1, tzinfo=UTC))
    assert mails_to(action.owner) == ["Overdue since 2026-06-30: corrective action CA-01.1"] * 2
    audit_actions.report_done(action.pk, text="Done", files=[picture()], by=action.owner)
    remind_all(datetime(2026, 7, 3, 1, tzinfo=UTC))
    assert len(mails_to(action.owner)) == 2


def test_remind_of_actions_starts_one_task_for_each(monkeypatch):
    action, started = ActionFactory(due_on=date(2026, 1, 1)), []
    ActionFactory(due_on=date(2999, 1, 1))
    monkeypatch.setattr(tasks, "enqueue", lambda task, *args: started.append((task, args)))
    tasks.remind_of_actions()
    [(task, args)] = started
    assert (task, args[0]) == (tasks.remind_of_action, action.pk)
    task(*args)
    assert len(mails_to(action.owner)) == 1


# --- the report -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_report_is_the_same_bytes_each_time_and_says_what_was_found(language):
    finding = FindingFactory(
        audit__state=AuditState.REPORTED, audit__project__language=language, statement="测试 No minutes"
    )
    FindingFactory(audit=finding.audit, withdrawn=True, statement="Does not hold")
    ActionFactory(finding=finding)
    facts = audit_reports.build(finding.audit)
    content = audit_reports.print_pdf(facts, language)
    assert content == audit_reports.print_pdf(facts, language)
    text = "".join(pdf.extract_text(content).split())
    assert "测试Nominutes" in text
    assert "Nameawriterintheagenda" in text
    assert "Doesnothold" not in text
