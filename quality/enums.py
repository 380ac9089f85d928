from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Priority(IntegerChoices):
    HIGH = 1, _("1 – high")
    MEDIUM = 2, _("2 – medium")
    LOW = 3, _("3 – low")


class CaseKind(TextChoices):
    UAT = "uat", _("User acceptance")
    FUNCTIONAL = "functional", _("Functional")
    UNIT = "unit", _("Unit")
    INTEGRATION = "integration", _("Integration")
    REGRESSION = "regression", _("Regression")
    PERFORMANCE = "performance", _("Performance")
    SECURITY = "security", _("Security")
    ACCESSIBILITY = "accessibility", _("Accessibility")


class Scenario(TextChoices):
    """In which situation a case tries what is required. All but the normal course are asked for per requirement."""

    NORMAL = "normal", _("Normal course")
    NETWORK_CUT = "network_cut", _("Network cut")
    WRONG_DATA = "wrong_data", _("Wrong data")
    DOUBLE_SUBMIT = "double_submit", _("Sent twice")
    NO_RIGHTS = "no_rights", _("No rights")


ABNORMAL = [scenario for scenario in Scenario if scenario != Scenario.NORMAL]


class CaseState(TextChoices):
    ACTIVE = "active", _("Active")
    RETIRED = "retired", _("Retired")


class ProposalState(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    COMPLETED = "completed", _("Made a test case")
    DECLINED = "declined", _("Declined")


class RunState(TextChoices):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")


class Outcome(TextChoices):
    """What an execution showed. "Not applicable" counts as skipped; final are passed and failed."""

    NOT_RUN = "not_run", _("Not run")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")
    BLOCKED = "blocked", _("Blocked")
    SKIPPED = "skipped", _("Not applicable")


FINAL_OUTCOMES = frozenset({Outcome.PASSED, Outcome.FAILED})
RECORDED_OUTCOMES = [choice for choice in Outcome.choices if choice[0] != Outcome.NOT_RUN]


class Severity(TextChoices):
    BLOCKER = "blocker", _("Blocker")
    CRITICAL = "critical", _("Critical")
    MAJOR = "major", _("Major")
    MINOR = "minor", _("Minor")


class DefectState(TextChoices):
    OPEN = "open", _("Open, to be fixed")
    DEFERRED = "deferred", _("Deferred")
    FIXED = "fixed", _("Fixed, to be retested")
    DECLINED = "declined", _("Declined, to be confirmed")
    DUPLICATE = "duplicate", _("Duplicate")
    CLOSED = "closed", _("Closed")


SETTLED = frozenset({DefectState.DUPLICATE, DefectState.CLOSED})  # nothing is left to be done about it


class DefectMoveName(TextChoices):
    """What is done with a defect; the same words are on buttons, in the trail and in the API."""

    FIX = "fix", _("Mark as fixed")
    DECLINE = "decline", _("Decline")
    DEFER = "defer", _("Defer")
    DUPLICATE = "duplicate", _("Mark as duplicate")
    CLOSE = "close", _("Close")
    REOPEN = "reopen", _("Reopen")


class Turn(TextChoices):
    """Who has to do something about a defect now."""

    MANAGER = "manager", _("Project manager")
    OWNER = "owner", _("Owner")
    REPORTER = "reporter", _("Reporter")
    CUSTOMER = "customer", _("Customer")
    NOBODY = "nobody", _("Nobody")


class RequirementStatus(TextChoices):
    """How far a requirement is proven, worst first (definitions.md, Requirement status)."""

    NOK = "nok", _("Fails")
    BLOCKED = "blocked", _("Blocked")
    NOT_RUN = "not_run", _("Not run")
    STALE = "stale", _("Outdated result")
    UNCOVERED = "uncovered", _("No test")
    WAIVED = "waived", _("Waived")
    OK = "ok", _("Proven")


class CriterionKind(TextChoices):
    FUNCTIONAL = "functional", _("Functional")
    PERFORMANCE = "performance", _("Performance")
    ERROR_RATE = "error_rate", _("Error rate")
    SECURITY = "security", _("Security")
    AVAILABILITY = "availability", _("Availability")
    DEFECTS = "defects", _("Defects")
    TRAINING = "training", _("Training")
    MIGRATION = "migration", _("Migration")
    DOCUMENTS = "documents", _("Documents")
    MANUAL = "manual", _("Manual check")


class Operator(TextChoices):
    AT_LEAST = "ge", "≥"
    AT_MOST = "le", "≤"
    EXACTLY = "eq", "="


class Verdict(TextChoices):
    MET = "met", _("Met")
    NOT_MET = "not_met", _("Not met")
    NO_DATA = "no_data", _("No data")
    WAIVED = "waived", _("Waived")


class CriteriaState(TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Out for signature")
    AGREED = "agreed", _("Agreed and locked")
    REOPENED = "reopened", _("Reopened")


class AcceptanceState(TextChoices):
    REQUESTED = "requested", _("Waiting for signature")
    ACCEPTED = "accepted", _("Accepted")
    CONDITIONAL = "conditional", _("Accepted with conditions")
    DEEMED = "deemed", _("Deemed accepted")
    DECLINED = "declined", _("Declined")
    VOIDED = "voided", _("Voided")


# What an acceptance that was given is called, whether or not conditions go with it, and by signature or by silence.
GIVEN = frozenset({AcceptanceState.ACCEPTED, AcceptanceState.CONDITIONAL, AcceptanceState.DEEMED})
# Those whose punch list, if there is one, is in force.
WITH_CONDITIONS = frozenset({AcceptanceState.CONDITIONAL, AcceptanceState.DEEMED})


class WaiverState(TextChoices):
    SENT = "sent", _("Waiting for signature")
    SIGNED = "signed", _("Signed")
    DECLINED = "declined", _("Declined")
    VOIDED = "voided", _("Voided")


SETTLED_VERDICTS = frozenset({Verdict.MET, Verdict.WAIVED})  # nothing stands against acceptance


class NoticeKind(TextChoices):
    """What the customer is told of the clock of a deemed acceptance, in this order."""

    DELIVERY = "delivery", _("Delivery of the request")
    REMINDER = "reminder", _("Reminder")
    LAST_DAY = "last_day", _("Last day")


class PunchState(TextChoices):
    """Of an item that an acceptance leaves to be done."""

    OPEN = "open", _("To be done")
    DONE = "done", _("Done, to be confirmed")
    CONFIRMED = "confirmed", _("Confirmed")


class ResultFormat(TextChoices):
    JUNIT = "junit", "JUnit XML"
    NEWMAN = "newman", "Newman JSON"
    JMETER = "jmeter", "JMeter JTL"
    SARIF = "sarif", "SARIF"
    SUMMARY = "summary", _("Summary as CSV")


class RowOutcome(TextChoices):
    """How a row of an imported file ended; several rows of one test case count as the worst, in this order."""

    FAILED = "failed", _("Failed")
    ERRORED = "errored", _("Error")
    SKIPPED = "skipped", _("Skipped")
    PASSED = "passed", _("Passed")


class FindingSeverity(TextChoices):
    """Of a finding of a security or code scanner, worst first."""

    CRITICAL = "critical", _("Critical")
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")
    INFO = "info", _("Information")


class ImportChannel(TextChoices):
    PAGE = "page", _("Page")
    API = "api", _("API")
    COMMAND = "command", _("Command line")


# How good the news is: the family of the status chip.
CASE_FAMILIES = {CaseState.ACTIVE: "good", CaseState.RETIRED: "none"}
PROPOSAL_FAMILIES = {
    ProposalState.PROPOSED: "waiting",
    ProposalState.COMPLETED: "good",
    ProposalState.DECLINED: "none",
}
RUN_FAMILIES = {RunState.PLANNED: "none", RunState.RUNNING: "progress", RunState.FINISHED: "good"}
OUTCOME_FAMILIES = {
    Outcome.NOT_RUN: "none",
    Outcome.PASSED: "good",
    Outcome.FAILED: "bad",
    Outcome.BLOCKED: "risk",
    Outcome.SKIPPED: "none",
}
ROW_FAMILIES = {
    RowOutcome.FAILED: "bad",
    RowOutcome.ERRORED: "bad",
    RowOutcome.SKIPPED: "none",
    RowOutcome.PASSED: "good",
}
DEFECT_FAMILIES = {
    DefectState.OPEN: "bad",
    DefectState.DEFERRED: "risk",
    DefectState.FIXED: "progress",
    DefectState.DECLINED: "waiting",
    DefectState.DUPLICATE: "none",
    DefectState.CLOSED: "good",
}
SEVERITY_FAMILIES = {
    Severity.BLOCKER: "bad",
    Severity.CRITICAL: "bad",
    Severity.MAJOR: "risk",
    Severity.MINOR: "none",
}
REQUIREMENT_FAMILIES = {
    RequirementStatus.NOK: "bad",
    RequirementStatus.BLOCKED: "risk",
    RequirementStatus.NOT_RUN: "none",
    RequirementStatus.STALE: "risk",
    RequirementStatus.UNCOVERED: "none",
    RequirementStatus.WAIVED: "risk",
    RequirementStatus.OK: "good",
}
CRITERIA_FAMILIES = {
    CriteriaState.DRAFT: "none",
    CriteriaState.SENT: "waiting",
    CriteriaState.AGREED: "good",
    CriteriaState.REOPENED: "risk",
}
VERDICT_FAMILIES = {Verdict.MET: "good", Verdict.NOT_MET: "bad", Verdict.NO_DATA: "none", Verdict.WAIVED: "risk"}
WAIVER_FAMILIES = {
    WaiverState.SENT: "waiting",
    WaiverState.SIGNED: "risk",
    WaiverState.DECLINED: "bad",
    WaiverState.VOIDED: "none",
}
PUNCH_FAMILIES = {PunchState.OPEN: "progress", PunchState.DONE: "waiting", PunchState.CONFIRMED: "good"}
ACCEPTANCE_FAMILIES = {
    AcceptanceState.REQUESTED: "waiting",
    AcceptanceState.ACCEPTED: "good",
    AcceptanceState.CONDITIONAL: "risk",
    AcceptanceState.DEEMED: "risk",
    AcceptanceState.DECLINED: "bad",
    AcceptanceState.VOIDED: "none",
}


class AuditState(TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("In progress")
    REPORTED = "reported", _("Report issued")
    CLOSED = "closed", _("Closed")


class FindingGrade(TextChoices):
    """What an audit finding is (ISO 19011: a requirement not fulfilled, graded; or a remark that asks for nothing)."""

    MAJOR = "major", _("Major nonconformity")
    MINOR = "minor", _("Minor nonconformity")
    OBSERVATION = "observation", _("Observation")


NONCONFORMITIES = frozenset({FindingGrade.MAJOR, FindingGrade.MINOR})


class FindingState(TextChoices):
    OPEN = "open", _("To be closed")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ActionState(TextChoices):
    TO_DO = "to_do", _("To do")
    DONE = "done", _("Done, to be verified")
    VERIFIED = "verified", _("Verified")


class ActionEventKind(TextChoices):
    DONE = "done", _("Reported as done")
    RETURNED = "returned", _("Returned")
    VERIFIED = "verified", _("Verified")


AUDIT_FAMILIES = {
    AuditState.PLANNED: "none",
    AuditState.OPEN: "progress",
    AuditState.REPORTED: "waiting",
    AuditState.CLOSED: "good",
}
GRADE_FAMILIES = {FindingGrade.MAJOR: "bad", FindingGrade.MINOR: "risk", FindingGrade.OBSERVATION: "none"}
FINDING_FAMILIES = {FindingState.OPEN: "risk", FindingState.CLOSED: "good", FindingState.WITHDRAWN: "none"}
ACTION_FAMILIES = {ActionState.TO_DO: "progress", ActionState.DONE: "waiting", ActionState.VERIFIED: "good"}
