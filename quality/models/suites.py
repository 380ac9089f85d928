from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quality.enums import CaseState


class TestSuiteQuerySet(models.QuerySet):
    def with_counts(self):
        """Add the numbers of cases: all, and those that are retired."""
        return self.annotate(
            case_count=Count("entries"),
            retired_count=Count("entries", filter=Q(entries__case__state=CaseState.RETIRED)),
        )


class TestSuite(models.Model):
    """A named set of cases in the order in which they are run; a case may be in several. The team's own."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="test_suites")
    number = models.PositiveIntegerField(_("number"), editable=False)
    name = models.CharField(_("name"), max_length=120)
    purpose = models.TextField(
        _("purpose"), max_length=1000, blank=True, help_text=_("When it is run, and what it proves.")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TestSuiteQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("test suite"), _("test suites")
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="quality_testsuite_number_is_unique"),
            models.UniqueConstraint(fields=["project", "name"], name="quality_testsuite_name_is_unique"),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    def get_absolute_url(self):
        return reverse("quality:suite_detail", args=[self.project.key, self.number])

    @property
    def code(self) -> str:
        return f"TS-{self.number:02d}"


class SuiteEntry(models.Model):
    """A case at its place in a suite. Written only by quality.domain.suites."""

    suite = models.ForeignKey(TestSuite, on_delete=models.CASCADE, related_name="entries", verbose_name=_("test suite"))
    case = models.ForeignKey("quality.TestCase", on_delete=models.PROTECT, related_name="suite_entries")
    position = models.PositiveIntegerField(_("place"))

    class Meta:
        verbose_name, verbose_name_plural = _("case of a suite"), _("cases of suites")
        ordering = ["suite", "position"]
        constraints = [
            models.UniqueConstraint(fields=["suite", "case"], name="quality_suiteentry_case_is_once_in_a_suite"),
            models.UniqueConstraint(fields=["suite", "position"], name="quality_suiteentry_place_is_taken_once"),
            models.CheckConstraint(name="quality_suiteentry_place_is_positive", condition=Q(position__gte=1)),
        ]

    def __str__(self):
        return f"{self.position}. {self.case}"
