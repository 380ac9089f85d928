from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from accounts.enums import OrganisationKind
from projects.domain import sharing
from projects.enums import Audience, Role
from quality.enums import (
    SETTLED,
    ActionState,
    AuditState,
    CaseState,
    CriteriaState,
    CriterionKind,
    DefectState,
    FindingGrade,
    FindingState,
    ImportChannel,
    Operator,
    Outcome,
    ResultFormat,
    RowOutcome,
    RunState,
)
from quality.models import (
    Audit,
    AuditFinding,
    CaseProposal,
    CaseVersion,
    CorrectiveAction,
    CriteriaSet,
    Criterion,
    Defect,
    Execution,
    ImportedRow,
    Result,
    ResultImport,
    SuiteEntry,
    TestCase,
    TestRun,
    TestStep,
    TestSuite,
)
from tests.accounts.factories import OrganisationFactory, UserFactory
from tests.projects.factories import ProjectFactory, member, numbered

MOMENT = datetime(2026, 6, 1, 9, tzinfo=UTC)


class CaseFactory(DjangoModelFactory):
    class Meta:
        model = TestCase
        skip_postgeneration_save = True

    project = factory.SubFactory(ProjectFactory)
    number = numbered(TestCase)
    title = factory.Sequence(lambda n: f"Book an incoming invoice {n}")
    process = "Procure to pay"
    created_by = factory.SubFactory(UserFactory)

    class Params:
        shared = factory.Trait(audience=Audience.CUSTOMER)
        retired = factory.Trait(state=CaseState.RETIRED)

    @factory.post_generation
    def steps(self, create, extracted, **kwargs):
        count = 2 if extracted is None else extracted
        TestStep.objects.bulk_create(
            TestStep(case=self, position=n, action=f"Do {n}", expected=f"See {n}") for n in range(1, count + 1)
        )

    @factory.post_generation
    def requirements(self, create, extracted, **kwargs):
        self.requirements.set(extracted or [])


class CaseVersionFactory(DjangoModelFactory):
    """The version that its case is at, unless another number is given."""

    class Meta:
        model = CaseVersion

    case = factory.SubFactory(CaseFactory)
    number = factory.SelfAttribute("case.version")
    title = factory.SelfAttribute("case.title")
    steps = factory.LazyAttribute(lambda version: [step.content() for step in version.case.steps.all()])
    written_by = factory.SelfAttribute("case.created_by")
    written_at = MOMENT


class ProposalFactory(DjangoModelFactory):
    class Meta:
        model = CaseProposal

    project = factory.SubFactory(ProjectFactory)
    number = numbered(CaseProposal)
    title = "Give back goods that were bought on account"
    process = "Sales at the till"
    why = "Every day; otherwise the customer waits"
    steps = [{"action": "Scan the receipt", "test_data": "4711", "expected": "The sale is shown"}]
    proposed_by = factory.SubFactory(UserFactory)


class SuiteFactory(DjangoModelFactory):
    """A suite of the `cases` given, in that order."""

    class Meta:
        model = TestSuite
        skip_postgeneration_save = True

    project = factory.SubFactory(ProjectFactory)
    number = numbered(TestSuite)
    name = factory.Sequence(lambda n: f"Smoke test {n}")
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def cases(self, create, extracted, **kwargs):
        SuiteEntry.objects.bulk_create(
            SuiteEntry(suite=self, case=case, position=position)
            for position, case in enumerate(extracted or [], start=1)
        )


class RunFactory(DjangoModelFactory):
    """A planned run; `running` and `finished` bring it further."""

    class Meta:
        model = TestRun

    project = factory.SubFactory(ProjectFactory)
    number = numbered(TestRun)
    name = factory.Sequence(lambda n: f"UAT round {n}")
    build = "1.4.0"
    environment = "UAT server"
    created_by = factory.SubFactory(UserFactory)

    class Params:
        running = factory.Trait(
            state=RunState.RUNNING,
            audience=Audience.CUSTOMER,
            started_at=MOMENT,
            started_by=factory.SelfAttribute("created_by"),
        )
        finished = factory.Trait(
            state=RunState.FINISHED,
            audience=Audience.CUSTOMER,
            started_at=MOMENT,
            started_by=factory.SelfAttribute("created_by"),
            finished_at=MOMENT,
            finished_by=factory.SelfAttribute("created_by"),
        )


class ExecutionFactory(DjangoModelFactory):
    class Meta:
        model = Execution

    run = factory.SubFactory(RunFactory, running=True)
    case = factory.SubFactory(CaseFactory, shared=True, project=factory.SelfAttribute("..run.project"))


class ResultFactory(DjangoModelFactory):
    """A result that counts: the execution shows it as its outcome."""

    class Meta:
        model = Result

    execution = factory.SubFactory(ExecutionFactory)
    outcome = Outcome.PASSED
    case_version = factory.SelfAttribute("execution.case.version")
    steps = factory.LazyAttribute(lambda result: [step.content() for step in result.execution.case.steps.all()])
    build = "1.4.0"
    environment = "UAT server"
    executed_by = factory.SubFactory(UserFactory)
    executed_at = MOMENT

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        result = super()._create(model_class, *args, **kwargs)
        result.execution.outcome, result.execution.executed_at = result.outcome, result.executed_at
        result.execution.save()
        return result


class ResultImportFactory(DjangoModelFactory):
    """An import without rows; `kept` has its file."""

    class Meta:
        model = ResultImport

    project = factory.SubFactory(ProjectFactory)
    number = numbered(ResultImport)
    format = ResultFormat.JUNIT
    file_name = "results.xml"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    read = passed = failed = skipped = errored = 0
    channel = ImportChannel.PAGE
    created_by = factory.SubFactory(UserFactory)

    class Params:
        kept = factory.Trait(file=factory.django.FileField(filename="results", data=b"<testsuite/>"))


class ImportedRowFactory(DjangoModelFactory):
    """A row without a test case; `failed` has one, and its result."""

    class Meta:
        model = ImportedRow

    result_import = factory.SubFactory(ResultImportFactory)
    position = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"books invoice {n}")
    outcome = RowOutcome.PASSED

    class Params:
        failed = factory.Trait(
            outcome=RowOutcome.FAILED,
            message="was 3",
            result=factory.SubFactory(
                ResultFactory,
                outcome=Outcome.FAILED,
                comment="was 3",
                execution__run__finished=True,
                execution__run__running=False,
                execution__run__project=factory.SelfAttribute("....result_import.project"),
            ),
            case=factory.SelfAttribute("result.execution.case"),
        )


class DefectFactory(DjangoModelFactory):
    """An open defect, or one in the `state` asked for."""

    class Meta:
        model = Defect

    project = factory.SubFactory(ProjectFactory)
    number = numbered(Defect)
    title = factory.Sequence(lambda n: f"Tax is rounded wrongly {n}")
    seen = "12.34 instead of 12.35"
    reported_by = factory.SubFactory(UserFactory)
    state = DefectState.OPEN

    class Params:
        shared = factory.Trait(audience=Audience.CUSTOMER)
        is_fixed = factory.LazyAttribute(lambda defect: defect.state in {DefectState.FIXED, DefectState.CLOSED})
        is_closed = factory.LazyAttribute(lambda defect: defect.state in SETTLED)

    fixed_at = factory.LazyAttribute(lambda defect: MOMENT if defect.is_fixed else None)
    fixed_by = factory.LazyAttribute(lambda defect: UserFactory() if defect.is_fixed else None)
    deferred_until = factory.LazyAttribute(
        lambda defect: MOMENT.date() if defect.state == DefectState.DEFERRED else None
    )
    duplicate_of = factory.LazyAttribute(
        lambda defect: DefectFactory(project=defect.project) if defect.state == DefectState.DUPLICATE else None
    )
    closed_at = factory.LazyAttribute(lambda defect: MOMENT if defect.is_closed else None)
    closed_by = factory.LazyAttribute(lambda defect: UserFactory() if defect.is_closed else None)


class CriteriaSetFactory(DjangoModelFactory):
    class Meta:
        model = CriteriaSet

    project = factory.SubFactory(ProjectFactory)
    version = 1
    created_by = factory.SubFactory(UserFactory)

    class Params:
        sent = factory.Trait(state=CriteriaState.SENT, audience=Audience.CUSTOMER)
        agreed = factory.Trait(state=CriteriaState.AGREED, audience=Audience.CUSTOMER, agreed_at=MOMENT)
        reopened = factory.Trait(
            state=CriteriaState.REOPENED,
            audience=Audience.CUSTOMER,
            agreed_at=MOMENT,
            reopened_at=MOMENT,
            reopened_by=factory.SelfAttribute("created_by"),
            reopened_reason="The customer asked for more",
        )


class CriterionFactory(DjangoModelFactory):
    class Meta:
        model = Criterion

    criteria_set = factory.SubFactory(CriteriaSetFactory)
    position = factory.Sequence(lambda n: n + 1)
    kind = CriterionKind.MANUAL
    source = "manual"
    statement = "The operators are trained"
    operator = Operator.EXACTLY
    threshold_scaled = 10_000


class AuditFactory(DjangoModelFactory):
    """An open audit by one auditor, or by `people`; or one in the `state` asked for."""

    class Meta:
        model = Audit
        skip_postgeneration_save = True

    project = factory.SubFactory(ProjectFactory)
    number = numbered(Audit)
    title = factory.Sequence(lambda n: f"Design and development {n}")
    standard = "ISO 9001:2015 8.3"
    scope = "From the requirements to the acceptance"
    organisation = factory.SubFactory(OrganisationFactory, kind=OrganisationKind.AUDITOR)
    access = factory.LazyAttribute(lambda audit: sharing.make_access(audit.project, []))
    starts_on = date(2026, 6, 1)
    ends_on = date(2026, 6, 5)
    created_by = factory.SubFactory(UserFactory)
    state = AuditState.OPEN
    conclusion = factory.LazyAttribute(lambda audit: "It conforms." if audit.is_reported else "")
    reported_at = factory.LazyAttribute(lambda audit: MOMENT if audit.is_reported else None)
    reported_by = factory.LazyAttribute(lambda audit: UserFactory() if audit.is_reported else None)
    report = factory.LazyAttribute(lambda audit: "audits/none.pdf" if audit.is_reported else "")
    report_sha256 = factory.LazyAttribute(lambda audit: "0" * 64 if audit.is_reported else "")
    closed_at = factory.LazyAttribute(lambda audit: MOMENT if audit.state == AuditState.CLOSED else None)
    closed_by = factory.LazyAttribute(lambda audit: UserFactory() if audit.state == AuditState.CLOSED else None)

    class Params:
        shared = factory.Trait(audience=Audience.CUSTOMER)
        is_reported = factory.LazyAttribute(lambda audit: audit.state in {AuditState.REPORTED, AuditState.CLOSED})

    @factory.post_generation
    def people(self, create, extracted, **kwargs):
        people = extracted or [member(self.project, Role.AUDITOR, organisation=self.organisation)]
        self.access.people.set(people)
        sharing.set_open(self.access, self.state in {AuditState.OPEN, AuditState.REPORTED})
        self.auditor = people[0]


class FindingFactory(DjangoModelFactory):
    class Meta:
        model = AuditFinding

    audit = factory.SubFactory(AuditFactory)
    number = factory.LazyAttribute(lambda finding: finding.audit.findings.count() + 1)
    grade = FindingGrade.MINOR
    clause = "8.3.4"
    statement = "The review of the design is not recorded"
    evidence = "No minutes of the review of 12 May"
    recorded_by = factory.LazyAttribute(lambda finding: finding.audit.access.people.first())
    recorded_at = MOMENT

    class Params:
        closed = factory.Trait(
            state=FindingState.CLOSED, settled_at=MOMENT, settled_by=factory.SelfAttribute("recorded_by")
        )
        withdrawn = factory.Trait(
            state=FindingState.WITHDRAWN,
            settled_at=MOMENT,
            settled_by=factory.SelfAttribute("recorded_by"),
            remark="The minutes were found",
        )


class ActionFactory(DjangoModelFactory):
    """An action to do, or in the `state` asked for."""

    class Meta:
        model = CorrectiveAction

    finding = factory.SubFactory(FindingFactory)
    number = factory.LazyAttribute(lambda action: action.finding.actions.count() + 1)
    cause = "Nobody was named to write the minutes"
    action = "Name a writer in the agenda"
    owner = factory.LazyAttribute(lambda action: member(action.finding.audit.project, Role.CONSULTANT))
    due_on = date(2026, 6, 30)
    created_by = factory.SubFactory(UserFactory)
    state = ActionState.TO_DO
