"""An auditor sees what is shared for their audit, and nothing else of the project: in no list, detail, search, API or
download. And what is shared opens."""

import io
import zipfile

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from projects.domain import sharing
from projects.enums import Role
from projects.models import Audienced
from projects.shareable import shareable_kinds
from quality.domain import audits
from quality.models import Acceptance
from tests.delivery.factories import DeliverableFactory, TaskFactory
from tests.projects.factories import AttachmentFactory, GateReviewFactory, PhaseFactory, ProjectFactory, member
from tests.quality.factories import (
    AuditFactory,
    CaseFactory,
    CriteriaSetFactory,
    DefectFactory,
    ExecutionFactory,
    FindingFactory,
    RunFactory,
)
from tests.requirements.factories import ObjectiveFactory, RequirementFactory, frozen_baseline
from tests.signing.conftest import phase_kind  # noqa: F401  # the kind of the signed document
from tests.signing.factories import signed
from tests.success.factories import HealthReportFactory, MonitoredSystemFactory
from tests.test_access import API_CALLS, PAGES, ROUTES

pytestmark = pytest.mark.django_db
SECRET = "Zanzibar"


def signed_paper(project):
    manager, sponsor = member(project, Role.PROJECT_MANAGER), member(project, Role.SPONSOR)
    return signed(project=project, manager=manager, sponsor=sponsor, phase=PhaseFactory(project=project, name="Build"))


MAKE = {
    "projects.attachment": lambda project: AttachmentFactory(
        project=project, target=PhaseFactory(project=project), name=f"{SECRET}.txt"
    ),
    "projects.gatereview": lambda project: GateReviewFactory(project=project, summary=SECRET),
    "signing.signaturerequest": lambda project: signed_paper(project),
    "requirements.objective": lambda project: ObjectiveFactory(project=project, title=SECRET),
    "requirements.requirement": lambda project: RequirementFactory(project=project, title=SECRET, statement=SECRET),
    "requirements.baseline": lambda project: frozen_baseline(project),
    "delivery.task": lambda project: TaskFactory(project=project, phase=PhaseFactory(project=project), title=SECRET),
    "delivery.deliverable": lambda project: DeliverableFactory(
        project=project, phase=PhaseFactory(project=project), title=SECRET
    ),
    "quality.testcase": lambda project: CaseFactory(project=project, title=SECRET, shared=True),
    "quality.testrun": lambda project: RunFactory(project=project, name=SECRET, running=True),
    "quality.defect": lambda project: DefectFactory(project=project, title=SECRET, seen=SECRET, shared=True),
    "quality.criteriaset": lambda project: CriteriaSetFactory(project=project, agreed=True),
    "quality.acceptance": lambda project: Acceptance.objects.create(
        project=project,
        criteria_set=CriteriaSetFactory(project=project, phase=PhaseFactory(project=project), agreed=True),
        requested_by=project.created_by,
        requested_at=timezone.now(),
    ),
    "success.monitoredsystem": lambda project: MonitoredSystemFactory(project=project, name=SECRET),
    "success.healthreport": lambda project: HealthReportFactory(
        system=MonitoredSystemFactory(project=project, name=f"{SECRET} 2"), published=True
    ),
}


@pytest.fixture
def audit():
    return AuditFactory()


def test_whatever_has_an_audience_and_a_page_can_be_shared():
    with_a_page = {
        model._meta.label_lower
        for model in apps.get_models()
        if issubclass(model, Audienced) and hasattr(model, "get_absolute_url")
    }
    proposals = {"quality.caseproposal", "quality.waiver"}  # of one comes a test case, of the other a signed document
    assert {kind.key for kind in shareable_kinds()} == with_a_page - proposals == set(MAKE)


@pytest.mark.parametrize("kind", sorted(MAKE))
def test_what_is_shared_for_an_audit_opens_to_its_auditor_while_it_is_open_and_to_no_other(client, audit, kind):
    thing, other = MAKE[kind](audit.project), AuditFactory(project=audit.project)
    audits.share(other.pk, DefectFactory(project=audit.project), by=audit.created_by)
    assert answer(client, audit.auditor, thing) == 404
    audits.share(audit.pk, thing, by=audit.created_by)
    assert answer(client, audit.auditor, thing) == 200
    assert answer(client, other.auditor, thing) == 404
    sharing.set_open(audit.access, False)
    assert answer(client, audit.auditor, thing) == 404
    assert answer(client, audit.auditor, audit) == 200


def answer(client, person, thing):
    client.force_login(person)
    response = client.get(thing.get_absolute_url())
    response.getvalue()  # a download holds its file open until it is read
    return response.status_code


@pytest.fixture
def full_project(audit):
    """Everything a project has, none of it shared for the audit; another audit sees all of it, and found something."""
    things = {kind: make(audit.project) for kind, make in MAKE.items()}
    ExecutionFactory(run=things["quality.testrun"], case=things["quality.testcase"])
    other = AuditFactory(project=audit.project, title=SECRET)
    FindingFactory(audit=other, statement=SECRET)
    for thing in things.values():
        audits.share(other.pk, thing, by=other.created_by)
    return audit.project


def text_of(response):
    """All that an answer says: a page, or a file with the texts of a workbook."""
    content = response.getvalue()
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode(errors="replace") for name in book.namelist())


def leaks(client, addresses):
    """Which of the addresses answer with the secret."""
    found = []
    for address in addresses:
        response = client.get(address)
        assert response.status_code in {200, 302, 403, 404}, address  # 404: the API asks of which object
        if SECRET in text_of(response):
            found.append(address)
    return found


def test_no_page_shows_an_auditor_what_is_not_shared(client, audit, full_project):
    of_project = [
        reverse(name, args=[full_project.key])
        for name, route in ROUTES.items()
        if not route.post and set(PAGES[name].pattern.converters) == {"project_key"}
    ]
    across = [reverse(name) for name in ("cockpit:my_work", "cockpit:portfolio", "success:report_list")]
    search = reverse("cockpit:search", args=[full_project.key])
    client.force_login(audit.auditor)
    assert len(of_project) > 30
    assert leaks(client, [*of_project, *across]) == []
    assert client.get(search, {"q": SECRET}).context["found"] == []
    client.force_login(member(full_project, Role.PROJECT_MANAGER))
    assert len(leaks(client, of_project)) > 8  # it is there to be seen
    assert len(client.get(search, {"q": SECRET}).context["found"]) == 5


def test_no_list_of_the_api_gives_an_auditor_what_is_not_shared(client, audit, full_project):
    lists = [
        reverse(name, kwargs={"project_key": full_project.key})
        for name, method, _view, action in API_CALLS
        if (method, action) == ("get", "list")
    ]
    client.force_login(audit.auditor)
    assert leaks(client, lists) == []


def test_an_auditor_of_the_project_without_an_audit_sees_nothing_even_of_what_every_audit_shows(client):
    project = ProjectFactory()
    auditor, defect = member(project, Role.AUDITOR), DefectFactory(project=project, shared_for_audit=True)
    assert answer(client, auditor, defect) == 200
    auditor.audit_accesses.all().delete()
    assert answer(client, auditor, defect) == 404
