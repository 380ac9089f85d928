import re

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Audienced, AudienceQuerySet
from quality.enums import CASE_FAMILIES, CaseKind, CaseState, Priority, Scenario

CODE = re.compile(r"(?:TC-)?0*([1-9]\d{0,8})", re.IGNORECASE)
MAX_WORDS = 10


class TestCaseQuerySet(AudienceQuerySet):
    def active(self):
        return self.filter(state=CaseState.ACTIVE)

    def with_words(self, text: str):
        """Those that have every word of `text` in title, process or preconditions, or as their number (TC-012).

        A word is looked for inside others too: Chinese has no gaps.
        """
        found = self
        for word in text.split()[:MAX_WORDS]:
            matches = Q(search_text__contains=word.lower())
            if not word.isascii() and word != word.lower():  # SQLite makes only ASCII small
                matches |= Q(search_text__contains=word)
            if code := CODE.fullmatch(word):
                matches |= Q(number=code[1])
            found = found.filter(matches)
        return found


class TestCase(Audienced):
    """A guided test of something required. `state` and `version` are written only by quality.domain.cases.

    A change of what is to be done or expected is a new version; a result keeps the version that it ran.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="test_cases")
    number = models.PositiveIntegerField(_("number"), editable=False)
    title = models.CharField(_("title"), max_length=200)
    process = models.CharField(_("business process"), max_length=120, blank=True)
    preconditions = models.TextField(_("preconditions"), blank=True, max_length=5000)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.MEDIUM)
    kind = models.CharField(_("kind"), max_length=20, choices=CaseKind, default=CaseKind.UAT)
    scenario = models.CharField(_("situation"), max_length=20, choices=Scenario, default=Scenario.NORMAL)
    requirements = models.ManyToManyField(
        "requirements.Requirement", blank=True, related_name="test_cases", verbose_name=_("requirements")
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=CaseState, default=CaseState.ACTIVE, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    search_text = models.GeneratedField(  # one column in small letters is read three times as fast as three in any
        expression=Lower(
            Concat("title", Value("\n"), "process", Value("\n"), "preconditions", output_field=models.TextField())
        ),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name=_("text searched"),
    )

    trail_excludes = frozenset({"search_text"})

    objects = TestCaseQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("test case"), _("test cases")
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="quality_testcase_number_is_unique"),
            models.CheckConstraint(
                name="quality_testcase_priority_is_known", condition=Q(priority__in=Priority.values)
            ),
            models.CheckConstraint(
                name="quality_testcase_scenario_is_known", condition=Q(scenario__in=Scenario.values)
            ),
            models.CheckConstraint(name="quality_testcase_state_is_known", condition=Q(state__in=CaseState.values)),
            models.CheckConstraint(name="quality_testcase_version_is_positive", condition=Q(version__gte=1)),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        return f"TC-{self.number:03d}"

    @property
    def state_family(self) -> str:
        return CASE_FAMILIES[CaseState(self.state)]

    def get_absolute_url(self):
        return reverse("quality:case_detail", args=[self.project.key, self.number])


class TestStep(models.Model):
    """What to do, with which data, and what must then be seen. Written only by quality.domain.cases."""

    case = models.ForeignKey(TestCase, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    action = models.CharField(_("action"), max_length=500)
    test_data = models.CharField(_("test data"), max_length=300, blank=True)
    expected = models.CharField(_("expected result"), max_length=500)

    class Meta:
        verbose_name, verbose_name_plural = _("step of a test case"), _("steps of test cases")
        ordering = ["case", "position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="quality_teststep_position_is_unique"),
            models.CheckConstraint(name="quality_teststep_position_is_positive", condition=Q(position__gte=1)),
        ]

    def __str__(self):
        return f"{self.position}. {self.action}"

    def content(self) -> dict[str, str | int]:
        """What a result keeps of this step."""
        return {
            "position": self.position,
            "action": self.action,
            "test_data": self.test_data,
            "expected": self.expected,
        }


class CaseVersion(models.Model):
    """What a case said at one version, and who made it so. Written only by quality.domain.cases, and never changed.

    Who and when are empty where the version is older than this record.
    """

    case = models.ForeignKey(TestCase, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    preconditions = models.TextField(_("preconditions"), blank=True)
    steps = models.JSONField(_("steps"), default=list)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written at"), null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("version of a test case"), _("versions of test cases")
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="quality_caseversion_number_is_unique"),
            models.CheckConstraint(name="quality_caseversion_number_is_positive", condition=Q(number__gte=1)),
        ]

    def __str__(self):
        return f"{self.case.code} v{self.number}"
