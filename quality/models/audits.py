from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.enums import Audience
from projects.models import Attachment
from quality.enums import (
    ACTION_FAMILIES,
    AUDIT_FAMILIES,
    FINDING_FAMILIES,
    GRADE_FAMILIES,
    NONCONFORMITIES,
    ActionEventKind,
    ActionState,
    AuditState,
    FindingGrade,
    FindingState,
)

REPORTED = [AuditState.REPORTED, AuditState.CLOSED]


class Audit(models.Model):
    """An audit of the project by an organisation of neither side. `state` and what belongs to it are written only by
    quality.domain.audits; what its people see of the project is `access`.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="audits")
    number = models.PositiveIntegerField(_("number"), editable=False)
    title = models.CharField(_("title"), max_length=200)
    standard = models.CharField(_("audited against"), max_length=200)
    scope = models.TextField(_("scope"), max_length=3000)
    phase = models.ForeignKey(
        "projects.Phase",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="audits",
        verbose_name=_("phase"),
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        related_name="audits",
        verbose_name=_("auditing organisation"),
        editable=False,
    )
    access = models.OneToOneField(
        "projects.AuditAccess", on_delete=models.PROTECT, verbose_name=_("what its people see"), editable=False
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    audience = models.CharField(_("visible to"), max_length=20, choices=Audience, default=Audience.TEAM)
    state = models.CharField(_("state"), max_length=20, choices=AuditState, default=AuditState.PLANNED, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    conclusion = models.TextField(_("conclusion"), max_length=5000, blank=True, editable=False)
    reported_at = models.DateTimeField(null=True, editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    report = models.FileField(_("report"), max_length=200, blank=True, editable=False)
    report_sha256 = models.CharField(_("SHA-256 of the report"), max_length=64, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name, verbose_name_plural = _("audit"), _("audits")
        ordering = ["project", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="quality_audit_number_is_unique"),
            models.CheckConstraint(name="quality_audit_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="quality_audit_report_matches_state",
                condition=Q(state__in=REPORTED, reported_at__isnull=False, reported_by__isnull=False)
                & ~Q(conclusion="")
                & ~Q(report="")
                & ~Q(report_sha256="")
                | Q(
                    state__in=[AuditState.PLANNED, AuditState.OPEN],
                    reported_at=None,
                    reported_by=None,
                    conclusion="",
                    report="",
                    report_sha256="",
                ),
            ),
            models.CheckConstraint(
                name="quality_audit_closing_matches_state",
                condition=Q(state=AuditState.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                | ~Q(state=AuditState.CLOSED) & Q(closed_at=None, closed_by=None),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    def get_absolute_url(self):
        return reverse("quality:audit_detail", args=[self.project.key, self.number])

    @property
    def code(self) -> str:
        return f"AU-{self.number:03d}"

    @property
    def state_family(self) -> str:
        return AUDIT_FAMILIES[AuditState(self.state)]

    @property
    def has_report(self) -> bool:
        return self.state in REPORTED

    @property
    def takes_actions(self) -> bool:
        """Whether corrective actions can be planned, done and verified, and findings closed."""
        return self.state in {AuditState.OPEN, AuditState.REPORTED}


class AuditFinding(models.Model):
    """What an auditor found. What it says stays as it was recorded, by triggers; `state` and what belongs to it are
    written only by quality.domain.audit_findings.
    """

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="findings", verbose_name=_("audit"))
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    grade = models.CharField(_("grade"), max_length=20, choices=FindingGrade)
    clause = models.CharField(_("clause"), max_length=100)
    statement = models.TextField(_("finding"), max_length=3000)
    evidence = models.TextField(_("evidence"), max_length=5000)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, related_name="+")
    object_id = models.PositiveBigIntegerField(null=True)
    about = GenericForeignKey()
    about_label = models.CharField(_("about"), max_length=300, blank=True)  # what it was called then
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded"))
    state = models.CharField(_("state"), max_length=20, choices=FindingState, default=FindingState.OPEN, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("settled by"),
        editable=False,
    )
    remark = models.TextField(_("remark"), max_length=2000, blank=True, editable=False)
    attachments = GenericRelation(Attachment)

    class Meta:
        verbose_name, verbose_name_plural = _("audit finding"), _("audit findings")
        ordering = ["audit", "number"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "number"], name="quality_auditfinding_number_is_unique"),
            models.CheckConstraint(
                name="quality_auditfinding_grade_is_known", condition=Q(grade__in=FindingGrade.values)
            ),
            models.CheckConstraint(
                name="quality_auditfinding_about_is_whole",
                condition=Q(content_type=None, object_id=None, about_label="")
                | Q(content_type__isnull=False, object_id__isnull=False) & ~Q(about_label=""),
            ),
            models.CheckConstraint(
                name="quality_auditfinding_settling_matches_state",
                condition=Q(state=FindingState.OPEN, settled_at=None, settled_by=None, remark="")
                | Q(state=FindingState.CLOSED, settled_at__isnull=False, settled_by__isnull=False)
                | Q(state=FindingState.WITHDRAWN, settled_at__isnull=False, settled_by__isnull=False) & ~Q(remark=""),
            ),
        ]

    def __str__(self):
        return f"{self.audit.code} {self.code}"

    def get_absolute_url(self):
        return reverse("quality:finding_detail", args=[self.audit.project.key, self.audit.number, self.number])

    @property
    def code(self) -> str:
        return f"F-{self.number:02d}"

    @property
    def trail_project_id(self):
        return self.audit.project_id

    @property
    def project(self):
        return self.audit.project

    @property
    def state_family(self) -> str:
        return FINDING_FAMILIES[FindingState(self.state)]

    @property
    def grade_family(self) -> str:
        return GRADE_FAMILIES[FindingGrade(self.grade)]

    @property
    def is_nonconformity(self) -> bool:
        return self.grade in NONCONFORMITIES


class CorrectiveAction(models.Model):
    """What is done about a finding, by whom and until when. `state` is written only by quality.domain.audit_actions;
    what happened to it is its events."""

    finding = models.ForeignKey(
        AuditFinding, on_delete=models.PROTECT, related_name="actions", verbose_name=_("audit finding")
    )
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    cause = models.TextField(
        _("cause"), max_length=3000, help_text=_("Why it came to this: the root, not the symptom.")
    )
    action = models.TextField(_("action"), max_length=3000, help_text=_("What is done so that it does not come again."))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="corrective_actions",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=20, choices=ActionState, default=ActionState.TO_DO, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("corrective action"), _("corrective actions")
        ordering = ["finding", "number"]
        indexes = [models.Index(fields=["state", "due_on"], name="quality_correctiveaction_due")]
        constraints = [
            models.UniqueConstraint(fields=["finding", "number"], name="quality_correctiveaction_number_is_unique"),
            models.CheckConstraint(
                name="quality_correctiveaction_state_is_known", condition=Q(state__in=ActionState.values)
            ),
        ]

    def __str__(self):
        return f"{self.finding.audit.code} {self.code}"

    def get_absolute_url(self):
        return f"{self.finding.get_absolute_url()}#action-{self.number}"

    @property
    def code(self) -> str:
        return f"CA-{self.finding.number:02d}.{self.number}"

    @property
    def trail_project_id(self):
        return self.finding.audit.project_id

    @property
    def project(self):
        return self.finding.audit.project

    @property
    def state_family(self) -> str:
        return ACTION_FAMILIES[ActionState(self.state)]


class ActionEvent(models.Model):
    """A step in the life of a corrective action: reported as done, returned or verified. Append-only."""

    action = models.ForeignKey(
        CorrectiveAction, on_delete=models.PROTECT, related_name="events", verbose_name=_("corrective action")
    )
    kind = models.CharField(max_length=20, choices=ActionEventKind)
    text = models.TextField(_("text"), max_length=3000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField()
    attachments = GenericRelation(Attachment)

    class Meta:
        verbose_name, verbose_name_plural = _("step of a corrective action"), _("steps of corrective actions")
        ordering = ["action", "pk"]
        constraints = [
            models.CheckConstraint(
                name="quality_actionevent_says_what_was_done_or_missing",
                condition=Q(kind=ActionEventKind.VERIFIED)
                | Q(kind__in=[ActionEventKind.DONE, ActionEventKind.RETURNED]) & ~Q(text=""),
            ),
        ]

    def __str__(self):
        return f"{self.action} {self.get_kind_display()}"

    @property
    def project(self):
        return self.action.project
