"""Requests in whatever state is asked for, made by the moves themselves. The subject is a phase of a project."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from projects.enums import Audience, Role
from signing import kinds
from signing.domain import documents, requests, sealing, signatures
from signing.domain.requests import SignerSpec
from signing.enums import Identification, Method, Side
from signing.models import SignatureRequest, Signer
from tests.accounts.factories import UserFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, member

ZIGZAG = {"strokes": [[[50, 120], [110, 40], [170, 150], [240, 60], [320, 140]]]}


def phase_manifest(phase) -> dict:
    return {"phase": phase.name, "purpose": phase.purpose, "number": phase.number}


class Calls:
    """What the kind under test was told, in order."""

    def __init__(self):
        self.made: list[tuple[str, int]] = []

    def of(self, name):
        return lambda request: self.made.append((name, request.pk))


CALLS = Calls()

PHASE_KIND = kinds.DocumentKind(
    code="phase_test",
    prefix="TST",
    label="Phase paper",
    meaning="I approve this phase for my company.",
    template="tests/phase_paper.html",
    manifest_of=phase_manifest,
    can_send=lambda user, subject: True,
    on_signed=CALLS.of("signed"),
    on_declined=CALLS.of("declined"),
    on_voided=CALLS.of("voided"),
    on_expired=CALLS.of("expired"),
)


def make_project(**fields):
    """A project with one project manager and one sponsor."""
    project = ProjectFactory(**fields)
    manager = member(project, Role.PROJECT_MANAGER, name="Petra Manager", job_title="Lead")
    sponsor = member(project, Role.SPONSOR, name="Sam Sponsor", job_title="CFO")
    return project, manager, sponsor


def specs(manager, sponsor, *, parallel=False):
    return [SignerSpec(manager, Side.VENDOR, 1), SignerSpec(sponsor, Side.CUSTOMER, 1 if parallel else 2)]


def send(project=None, manager=None, sponsor=None, *, phase=None, parallel=False, **fields):
    """A request that waits for the project manager, then the sponsor."""
    if project is None:
        project, manager, sponsor = make_project()
    phase = phase or PhaseFactory(project=project, name="Design")
    return requests.send(
        project,
        PHASE_KIND.code,
        phase,
        title=f"Approval of phase {phase.name}",
        manifest=phase_manifest(phase),
        facts={"phase": phase.name, "criteria": ["Answers within 2 seconds", "No open blocker"]},
        signers=specs(manager, sponsor, parallel=parallel),
        by=manager,
        **fields,
    )


BY_CODE = signatures.Circumstances(Identification.CODE, "203.0.113.7", "Test browser")


def signature(name="Sam Sponsor", *, drawn=False, **fields):
    return signatures.Signature(
        **{
            "name": name,
            "job_title": "CFO",
            "method": Method.DRAWN if drawn else Method.TYPED,
            "consent": True,
            "strokes": ZIGZAG if drawn else None,
        }
        | fields
    )


def sign_next(request, **fields):
    """The next signer in order signs; returns the signer's row."""
    signer = request.signers.unsigned().order_by("order", "pk").select_related("user").first()
    signatures.sign(signer.pk, signature(signer.user.name, **fields), BY_CODE)
    request.refresh_from_db()
    return signer


def signed(**fields):
    request = send(**fields)
    sign_next(request)
    sign_next(request, drawn=True)
    return request


def sealed(**fields):
    request = signed(**fields)
    sealing.seal_and_deliver(request.pk)
    request.refresh_from_db()
    return request


def row(project, *, signer=None, **fields):
    """A stored request of `project` that costs no PDF: for pages that only list or show. One signer, already asked."""
    now = timezone.now()
    documents.store("signing/bodies/row.pdf", b"%PDF-1.7 body")
    count = SignatureRequest.objects.filter(project=project).count() + 1
    values = {
        "project": project,
        "kind": PHASE_KIND.code,
        "sequence": count,
        "version": 1,
        "number": f"{project.key}-TST-{count:03d}",
        "title": f"Paper {count}",
        "language": "en",
        "content_type": ContentType.objects.get_for_model(project),
        "object_id": project.pk * 1000 + count,
        "manifest": {"a": 1},
        "manifest_sha256": "a" * 64,
        "body_html": "<p>Text</p>",
        "body_file": "signing/bodies/row.pdf",
        "body_sha256": "b" * 64,
        "body_pages": 1,
        "body_size": 13,
        "audience": Audience.CUSTOMER,
        "sent_by": project.created_by,
        "sent_at": now,
        "expires_at": now + timedelta(days=14),
    }
    request = SignatureRequest.objects.create(**values | fields)
    user = signer or UserFactory(organisation=project.customer)
    Signer.objects.create(
        request=request,
        user=user,
        side=Side.CUSTOMER,
        role=Role.SPONSOR,
        order=1,
        meaning="I approve.",
        told_at=now,
    )
    return request


def overdue(request):
    """Put the deadline of an open request into the past."""
    request.expires_at = timezone.now()
    request.save(update_fields=["expires_at"])
    return request
