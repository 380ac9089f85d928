import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Attachment, Audienced, AudienceQuerySet
from quality.enums import (
    FINAL_OUTCOMES,
    OUTCOME_FAMILIES,
    RECORDED_OUTCOMES,
    RUN_FAMILIES,
    CaseKind,
    Outcome,
    RunState,
)

# The vendor does not pass its own acceptance test: of an imported file, the cases count that no customer has to run.
COUNTS = Q(run__result_import=None) | ~Q(case__kind=CaseKind.UAT)


class TestRunQuerySet(AudienceQuerySet):
    def with_counts(self):
        """Add planned, final, passed, failed, blocked: numbers of executions."""
        return self.annotate(
            planned_count=Count("executions"),
            final_count=Count("executions", filter=Q(executions__outcome__in=FINAL_OUTCOMES)),
            open_count=Count("executions", filter=Q(executions__outcome=Outcome.NOT_RUN)),
            passed_count=Count("executions", filter=Q(executions__outcome=Outcome.PASSED)),
            failed_count=Count("executions", filter=Q(executions__outcome=Outcome.FAILED)),
            blocked_count=Count("executions", filter=Q(executions__outcome=Outcome.BLOCKED)),
        )


class TestRun(Audienced):
    """A round of testing: who runs which cases, on what build, where. UAT cases are run by the customer's people, the
    others by the team, and one round may have both. `state` is written only by
    quality.domain.runs."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="test_runs")
    number = models.PositiveIntegerField(_("number"), editable=False)
    name = models.CharField(_("name"), max_length=200)
    phase = models.ForeignKey(
        "projects.Phase",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="test_runs",
        verbose_name=_("phase"),
        help_text=_("Whose acceptance the results count for; empty: only that of the whole project."),
    )
    build = models.CharField(_("build"), max_length=60)
    environment = models.CharField(_("environment"), max_length=120)
    site = models.CharField(
        _("site"), max_length=120, blank=True, help_text=_("The store, plant or department it is for; empty: all.")
    )
    state = models.CharField(_("state"), max_length=20, choices=RunState, default=RunState.PLANNED, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    finished_at = models.DateTimeField(null=True, editable=False)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = TestRunQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("UAT run"), _("UAT runs")
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="quality_testrun_number_is_unique"),
            models.CheckConstraint(
                name="quality_testrun_times_match_state",
                condition=Q(
                    state=RunState.PLANNED, started_at=None, started_by=None, finished_at=None, finished_by=None
                )
                | Q(
                    state=RunState.RUNNING,
                    started_at__isnull=False,
                    started_by__isnull=False,
                    finished_at=None,
                    finished_by=None,
                )
                | Q(
                    state=RunState.FINISHED,
                    started_at__isnull=False,
                    started_by__isnull=False,
                    finished_at__isnull=False,
                    finished_by__isnull=False,
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def code(self) -> str:
        return f"TR-{self.number:03d}"

    @property
    def state_family(self) -> str:
        return RUN_FAMILIES[RunState(self.state)]

    def get_absolute_url(self):
        return reverse("quality:run_detail", args=[self.project.key, self.number])

    def get_work_url(self):
        return reverse("quality:run_work", args=[self.project.key, self.number])


class ExecutionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(outcome=Outcome.NOT_RUN)

    def showing(self):
        """The executions that show how a case stands: not those of user acceptance that a file was read for."""
        return self.filter(COUNTS)

    def counting(self, project):
        """The executions that count for the whole project: of every planned case the one in its latest run."""
        executions = self.filter(run__project=project).showing()
        later = Execution.objects.showing().filter(case=OuterRef("case"), run__number__gt=OuterRef("run__number"))
        return executions.filter(~Exists(later))

    def with_retest(self):
        """Add `to_retest`: the case has a defect that was fixed after this execution's latest result."""
        from .defects import Defect  # the other way round is the foreign key

        return self.annotate(to_retest=Exists(Defect.objects.to_retest().filter(case=OuterRef("case"))))


class Execution(models.Model):
    """One case in one run. `outcome` is that of its latest result, and is written only by quality.domain.executions."""

    run = models.ForeignKey(TestRun, on_delete=models.CASCADE, related_name="executions")
    case = models.ForeignKey("quality.TestCase", on_delete=models.PROTECT, related_name="executions")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="executions",
        verbose_name=_("assigned to"),
    )
    outcome = models.CharField(_("result"), max_length=20, choices=Outcome, default=Outcome.NOT_RUN, editable=False)
    executed_at = models.DateTimeField(null=True, editable=False)

    objects = ExecutionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("execution"), _("executions")
        ordering = ["run", "case__number"]
        indexes = [models.Index(fields=["assigned_to", "outcome"], name="quality_execution_assigned")]
        constraints = [
            models.UniqueConstraint(fields=["run", "case"], name="quality_execution_case_once_per_run"),
            models.CheckConstraint(
                name="quality_execution_outcome_has_time",
                condition=Q(outcome=Outcome.NOT_RUN, executed_at=None)
                | (~Q(outcome=Outcome.NOT_RUN) & Q(executed_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"{self.run.code} {self.case.code}"

    def get_absolute_url(self):
        return reverse("quality:execution", args=[self.run.project.key, self.run.number, self.case.number])

    @property
    def trail_project_id(self) -> int:
        return self.run.project_id

    @property
    def state_family(self) -> str:
        return OUTCOME_FAMILIES[Outcome(self.outcome)]


class ResultQuerySet(models.QuerySet):
    def latest_of(self, cases):
        """The latest result of each of `cases` that shows how it stands."""
        showing = Result.objects.filter(execution__in=Execution.objects.showing())
        newest = showing.filter(execution__case=OuterRef("execution__case")).order_by("-pk").values("pk")[:1]
        return self.filter(execution__case__in=cases, pk=Subquery(newest))


class Result(models.Model):
    """What one person saw when they ran a case: evidence, so the database refuses to change or delete it.

    It keeps what it ran against: the version and the steps of the case, the versions of the requirements tied to it,
    build and environment.
    """

    execution = models.ForeignKey(Execution, on_delete=models.PROTECT, related_name="results")
    token = models.UUIDField(default=uuid.uuid4, unique=True)  # of the form: sent twice, it is one result
    outcome = models.CharField(_("result"), max_length=20, choices=RECORDED_OUTCOMES)
    comment = models.TextField(_("comment"), blank=True, max_length=5000)
    failed_step = models.PositiveSmallIntegerField(_("step"), null=True, blank=True)
    case_version = models.PositiveIntegerField()
    steps = models.JSONField()  # as TestStep.content(), and `outcome` of each that was marked passed or failed
    requirement_versions = models.JSONField(default=dict)  # number of the requirement -> its version
    build = models.CharField(max_length=60)
    environment = models.CharField(max_length=120)
    executed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="results")
    executed_at = models.DateTimeField()
    attachments = GenericRelation(Attachment)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("result"), _("results")
        ordering = ["execution", "pk"]
        constraints = [
            models.CheckConstraint(
                name="quality_result_outcome_is_recorded",
                condition=Q(outcome__in=[Outcome.PASSED, Outcome.FAILED, Outcome.BLOCKED, Outcome.SKIPPED]),
            ),
        ]

    def __str__(self):
        return f"{self.execution} {self.get_outcome_display()}"

    def get_absolute_url(self):
        return self.execution.get_absolute_url()

    @property
    def marks(self) -> list[dict]:
        """The steps that were marked on their own, each with `mark`: how."""
        return [step | {"mark": Outcome(step["outcome"]).label} for step in self.steps if "outcome" in step]

    @property
    def project_id(self) -> int:
        return self.execution.run.project_id

    @property
    def project(self):
        return self.execution.run.project

    @property
    def state_family(self) -> str:
        return OUTCOME_FAMILIES[Outcome(self.outcome)]
