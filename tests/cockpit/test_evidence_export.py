"""Every app's part of the export: what is internal is in the vendor's, and nowhere in the customer's."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from audit.domain import trail
from projects.domain.export.writing import write_export
from projects.enums import Audience, PhaseItemKind, Role
from projects.models import Audienced, PhaseItem
from projects.sections import all_sections
from quality.enums import AcceptanceState
from quality.models import Acceptance, Waiver
from requirements.models import Baseline
from tests.accounts.factories import UserFactory
from tests.delivery.factories import DeliverableFactory, TaskFactory, VersionFactory
from tests.projects.factories import (
    AttachmentFactory,
    CommentFactory,
    GateReviewFactory,
    PhaseFactory,
    ProjectFactory,
    member,
)
from tests.quality.factories import (
    AuditFactory,
    CaseFactory,
    CriteriaSetFactory,
    CriterionFactory,
    DefectFactory,
    FindingFactory,
    ImportedRowFactory,
    ProposalFactory,
    ResultFactory,
    ResultImportFactory,
    RunFactory,
)
from tests.requirements.factories import ObjectiveFactory, RequirementFactory
from tests.signing import factories as signing
from tests.success.factories import HealthReportFactory, MonitoredSystemFactory, RecommendationFactory

pytestmark = pytest.mark.django_db
SECRET = "NUR-INTERN"


def acceptance(project, **fields):
    return Acceptance.objects.create(
        project=project,
        phase=PhaseFactory(project=project),
        criteria_set=CriteriaSetFactory(project=project, phase=PhaseFactory(project=project)),
        requested_by=UserFactory(),
        requested_at=timezone.now(),
        **fields,
    )


def declined(project, reason):
    return acceptance(project, state=AcceptanceState.DECLINED, ended_at=timezone.now(), reason=reason)


def discarded(project, reason):
    now, person = timezone.now(), UserFactory()
    return Baseline.objects.create(
        project=project,
        number=1,
        state="discarded",
        frozen_at=now,
        frozen_by=person,
        discarded_at=now,
        discarded_by=person,
        discarded_reason=reason,
    )


def criteria(project, statement):
    made = CriteriaSetFactory(project=project)
    CriterionFactory(criteria_set=made, statement=statement)
    return made


# One row per model that has an audience, for the team alone, that says `words`. A model that is not here fails below.
INTERNAL: dict[str, Callable[[Any, str], Any]] = {
    "projects.Attachment": lambda project, words: AttachmentFactory(project=project, name=f"{words}.txt"),
    "projects.Comment": lambda project, words: CommentFactory(project=project, text=words),
    "projects.GateReview": lambda project, words: GateReviewFactory(project=project, summary=words),
    "signing.SignatureRequest": lambda project, words: signing.row(project, title=words, audience=Audience.TEAM),
    "requirements.Baseline": discarded,
    "requirements.Objective": lambda project, words: ObjectiveFactory(
        project=project, title=words, audience=Audience.TEAM
    ),
    "requirements.Requirement": lambda project, words: RequirementFactory(
        project=project, title=words, audience=Audience.TEAM
    ),
    "delivery.Deliverable": lambda project, words: (
        VersionFactory(deliverable=DeliverableFactory(project=project, title=words), name=f"{words}.txt").deliverable
    ),
    "delivery.Task": lambda project, words: TaskFactory(project=project, title=words),
    "quality.Acceptance": declined,
    "quality.CaseProposal": lambda project, words: ProposalFactory(
        project=project, title=words, audience=Audience.TEAM
    ),
    "quality.CriteriaSet": criteria,
    "quality.Defect": lambda project, words: DefectFactory(project=project, title=words, audience=Audience.TEAM),
    "quality.Waiver": lambda project, words: Waiver.objects.create(
        project=project,
        number=1,
        criterion=CriterionFactory(
            criteria_set=CriteriaSetFactory(project=project, phase=PhaseFactory(project=project))
        ),
        reason=words,
        proposed_by=UserFactory(),
        proposed_at=timezone.now(),
    ),
    "quality.TestCase": lambda project, words: CaseFactory(project=project, title=words, audience=Audience.TEAM),
    "quality.TestRun": lambda project, words: RunFactory(project=project, name=words, audience=Audience.TEAM),
    "success.HealthReport": lambda project, words: HealthReportFactory(
        system=MonitoredSystemFactory(project=project), summary=words
    ),
    "success.MonitoredSystem": lambda project, words: MonitoredSystemFactory(project=project, name=words),
}


def contents(project, *, for_customer):
    """All that is in the export, as one text."""
    target = io.BytesIO()
    write_export(project, target, for_customer=for_customer, made_by="x", made_at=timezone.now())
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        return "\n".join(f"{name}\n{archive.read(name).decode(errors='replace')}" for name in archive.namelist())


@pytest.fixture
def project(settings):
    return ProjectFactory()


def test_every_model_with_an_audience_is_asked_here():
    models = {model._meta.label for model in apps.get_models() if issubclass(model, Audienced)}

    assert {label for label in models if not label.startswith("tests")} == set(INTERNAL)


@pytest.mark.parametrize("label", INTERNAL)
def test_what_is_internal_is_in_the_vendors_export_alone(project, label):
    row = INTERNAL[label](project, SECRET)
    assert row.audience == Audience.TEAM

    assert SECRET in contents(project, for_customer=False)
    assert SECRET not in contents(project, for_customer=True)


def shared_task(project):
    task = TaskFactory(project=project, title="Shared", shared=True)
    task.requirements.add(RequirementFactory(project=project, title=SECRET, audience=Audience.TEAM))


def shared_requirement(project):
    objective = ObjectiveFactory(project=project, title=SECRET, audience=Audience.TEAM)
    RequirementFactory(project=project, title="Shared", audience=Audience.CUSTOMER, objectives=[objective])


def shared_defect(project):
    case = CaseFactory(project=project, title=SECRET, audience=Audience.TEAM)
    DefectFactory(project=project, title="Shared", shared=True, case=case)


def shared_remark(project):
    task = TaskFactory(project=project, title=SECRET)
    CommentFactory(project=project, target=task, text=f"Shared {SECRET}", for_customer=True)
    AttachmentFactory(project=project, target=task, name=f"{SECRET}.txt", for_customer=True)


def shared_report(project):
    report = HealthReportFactory(system=MonitoredSystemFactory(project=project), published=True, summary="Shared")
    RecommendationFactory(report=report, text=SECRET, is_left_out=True)


def shared_import(project):
    imported = ResultImportFactory(project=project, kept=True)
    ImportedRowFactory(result_import=imported, message=SECRET)
    AttachmentFactory(project=project, name="Shared.txt", for_customer=True)


def shared_audit(project):
    FindingFactory(audit=AuditFactory(project=project, title=SECRET), statement=SECRET)
    shared = FindingFactory(audit=AuditFactory(project=project, title="Shared", shared=True))
    AttachmentFactory(project=project, target=shared)


def shared_phase(project):
    phase = PhaseFactory(project=project, name="Shared")
    PhaseItem.objects.create(phase=phase, kind=PhaseItemKind.RISK_PROMPT, position=1, text=SECRET)


def internal_trail(project):
    phase = PhaseFactory(project=project, name="Shared")
    trail.record("edit", phase, facts={"reason": SECRET})


@pytest.mark.parametrize(
    "make",
    [
        shared_task,
        shared_requirement,
        shared_defect,
        shared_remark,
        shared_report,
        shared_import,
        shared_audit,
        shared_phase,
        internal_trail,
    ],
)
def test_what_is_shared_names_nothing_internal(project, make):
    make(project)

    vendor, customer = contents(project, for_customer=False), contents(project, for_customer=True)

    assert SECRET in vendor
    assert SECRET not in customer
    assert "Shared" in (customer if make is not shared_remark else vendor)


def test_every_section_is_in_the_export_of_a_project_that_has_everything(project):
    for make in INTERNAL.values():
        make(project, "x")
    shared_import(project)
    shared_audit(project)
    trail.record("edit", project)
    ResultFactory(execution__run=RunFactory(project=project), execution__case=CaseFactory(project=project))
    member(project, Role.SPONSOR)
    target = io.BytesIO()
    write_export(project, target, for_customer=False, made_by="x", made_at=timezone.now())
    with zipfile.ZipFile(target) as archive:
        index = json.loads(archive.read(next(name for name in archive.namelist() if name.endswith("/index.json"))))

    missing = {section.name for section in all_sections()} - {section["name"] for section in index["sections"]}
    assert missing == {"authorities", "checks"}
