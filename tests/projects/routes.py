from projects.domain import exports
from projects.enums import EVERY_ROLE, VENDOR_ROLES, PhaseItemKind, PhaseState, Role
from projects.models import Attachment, PhaseItem
from tests.access import ADMINISTRATORS, VENDOR, Route
from tests.projects.factories import AttachmentFactory, GateReviewFactory, PhaseFactory, member

MANAGER = {Role.PROJECT_MANAGER}
TICKING = {Role.PROJECT_MANAGER, Role.CONSULTANT, Role.ENGINEER, Role.TESTER}
REVIEWING = {Role.PROJECT_MANAGER, Role.EXECUTIVE}
SEEING_GATES = VENDOR_ROLES | {Role.SPONSOR, Role.REPRESENTATIVE, Role.AUDITOR}
COMMENTING = EVERY_ROLE - {Role.EXECUTIVE, Role.AUDITOR}


def phase(project):
    return {"number": PhaseFactory(project=project).number}


def item(project):
    made = PhaseFactory(project=project)
    row = PhaseItem.objects.create(phase=made, kind=PhaseItemKind.CHECK, position=1, text="Charter signed")
    return {"number": made.number, "item_id": row.pk}


def person(project):
    return {"user_id": member(project, Role.TESTER).pk}


def about_phase(project):
    return {"label": "projects.phase", "number": str(PhaseFactory(project=project).number)}


def planned_phase(project):
    """A phase with one before it, whose gate is not passed."""
    PhaseFactory(project=project)
    return phase(project)


def active_phase(project):
    return {"number": PhaseFactory(project=project, state=PhaseState.ACTIVE).number}


def review(project):
    """A gate review that every side may see."""
    return {"number": GateReviewFactory(project=project, for_customer=True, shared_for_audit=True).number}


def gate_action(project):
    made = GateReviewFactory(project=project, for_customer=True, shared_for_audit=True, with_action=True)
    return {"number": made.number, "position": 1}


def file(project):
    """A file shared with the customer, and not for the audit."""
    attachment: Attachment = AttachmentFactory(project=project, for_customer=True)
    return {"pk": attachment.pk}


def shown_picture(project):
    made = AttachmentFactory(project=project, for_customer=True, with_picture=True)
    return {"pk": made.pk, "size": "thumbnail"}


def export(project):
    """An export that is ready."""
    asked = exports.request_export(project, audience="team", by=project.created_by)
    exports.make_export(asked.pk)
    return {"pk": asked.pk}


ROUTES = {
    "projects:project_new": Route(allowed=ADMINISTRATORS),  # and who manages a project: tests/projects/views
    "projects:playbook_list": Route(allowed=VENDOR),
    "projects:playbook_detail": Route(args={"code": "erp_rollout"}, allowed=VENDOR),
    "projects:settings": Route(allowed=MANAGER),
    "projects:project_move": Route(args={"move": "go_live"}, allowed=MANAGER, post=True),
    "projects:team": Route(allowed=EVERY_ROLE),
    "projects:member_add": Route(allowed=MANAGER),
    "projects:member_edit": Route(args=person, allowed=MANAGER),
    "projects:member_remove": Route(args=person, allowed=MANAGER, post=True),
    "projects:phase_detail": Route(args=phase, allowed=EVERY_ROLE),
    "projects:phase_edit": Route(args=phase, allowed=MANAGER),
    "projects:phase_move": Route(args=lambda project: {**phase(project), "move": "start"}, allowed=MANAGER, post=True),
    "projects:phase_tick": Route(args=item, allowed=TICKING, post=True, data={"done": "true"}),
    "projects:phase_item": Route(args=item, allowed=EVERY_ROLE),
    "projects:gate_list": Route(allowed=SEEING_GATES),
    "projects:gate_review": Route(args=review, allowed=SEEING_GATES),
    "projects:gate_review_create": Route(args=active_phase, allowed=REVIEWING),
    "projects:gate_action_finish": Route(args=gate_action, allowed=REVIEWING),  # and the owner: tests/projects/views
    "projects:gate_override": Route(args=planned_phase, allowed={Role.EXECUTIVE}),
    "projects:evidence": Route(allowed=MANAGER),
    "projects:retention_edit": Route(allowed=frozenset(), post=True, data={"keep_months": "12"}),
    "projects:hold_place": Route(allowed=frozenset(), post=True, data={"reason": "Dispute"}),
    "projects:hold_lift": Route(allowed=frozenset(), post=True, data={"reason": "Settled"}),
    "projects:evidence_export": Route(args=export, allowed=MANAGER),
    "projects:evidence_file": Route(args=export, allowed=MANAGER),
    "projects:trail": Route(allowed=VENDOR_ROLES),
    "projects:discussion": Route(args=about_phase, allowed=COMMENTING),
    "projects:attachment": Route(args=file, allowed=EVERY_ROLE - {Role.AUDITOR}, hidden={Role.AUDITOR}),
    "projects:attachment_picture": Route(
        args=shown_picture, allowed=EVERY_ROLE - {Role.AUDITOR}, hidden={Role.AUDITOR}
    ),
}
