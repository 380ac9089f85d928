from projects.enums import DELIVERY_TEAM, EVERY_ROLE, VENDOR_ROLES, Audience, Role
from tests.access import Route
from tests.delivery.factories import DeliverableFactory, RaciFactory, TaskFactory, approved, drafted, in_review
from tests.requirements.factories import RequirementFactory

PLANNERS = {Role.PROJECT_MANAGER, Role.CONSULTANT}
OUTSIDE_TEAM = EVERY_ROLE - VENDOR_ROLES
AUDITOR = {Role.AUDITOR}


def team_task(project):
    return {"number": TaskFactory(project=project).number}


def shared_task(project):
    return {"number": TaskFactory(project=project, shared=True).number}


def team_requirement(project):
    return {"number": RequirementFactory(project=project, audience=Audience.TEAM).number}


def team_deliverable(project):
    return {"number": DeliverableFactory(project=project).number}


def shared_draft(project):
    return {"number": drafted(project, shared=True).number}


def shared_in_review(project):
    return {"number": in_review(project, shared=True).number}


def shared_approved(project):
    return {"number": approved(project, shared=True).number}


def version_of_team(project):
    return {"number": drafted(project).number, "version": 1}


def phase_with_people(project):
    deliverable = DeliverableFactory(project=project, shared=True)
    RaciFactory(deliverable=deliverable)
    return {"number": deliverable.phase.number}


DELIVERABLE_ROUTES = {
    "delivery:deliverable_list": Route(EVERY_ROLE),
    "delivery:deliverable_add": Route(PLANNERS),
    "delivery:deliverable_detail": Route(VENDOR_ROLES, team_deliverable, hidden=OUTSIDE_TEAM),
    "delivery:deliverable_edit": Route(PLANNERS, team_deliverable),
    "delivery:deliverable_delete": Route(PLANNERS, team_deliverable, post=True),
    "delivery:deliverable_template": Route(VENDOR_ROLES, team_deliverable, hidden=OUTSIDE_TEAM),
    "delivery:version_upload": Route(
        DELIVERY_TEAM, team_deliverable, post=True, data={"note": "no file"}, hidden=OUTSIDE_TEAM
    ),
    "delivery:version_download": Route(VENDOR_ROLES, version_of_team, hidden=OUTSIDE_TEAM),
    "delivery:deliverable_submit": Route(DELIVERY_TEAM, shared_draft, post=True, hidden=AUDITOR),
    "delivery:deliverable_review": Route(
        {Role.PROJECT_MANAGER}, shared_in_review, post=True, data={"verdict": "approve", "version": 1}, hidden=AUDITOR
    ),
    "delivery:deliverable_reopen": Route(
        {Role.PROJECT_MANAGER}, shared_approved, post=True, data={"reason": "The law changed."}, hidden=AUDITOR
    ),
    "delivery:raci_matrix": Route(EVERY_ROLE),
    "delivery:raci_fill": Route(PLANNERS, post=True),
    "delivery:raci_edit": Route(PLANNERS, phase_with_people),
    "delivery:phase_deliverables": Route(EVERY_ROLE, phase_with_people),
}

ROUTES = DELIVERABLE_ROUTES | {
    "delivery:plan": Route(EVERY_ROLE),
    "delivery:task_list": Route(EVERY_ROLE),
    "delivery:task_add": Route(PLANNERS),
    "delivery:task_detail": Route(VENDOR_ROLES, team_task, hidden=OUTSIDE_TEAM),
    "delivery:task_edit": Route(PLANNERS, team_task),
    "delivery:task_progress": Route(
        DELIVERY_TEAM, team_task, post=True, data={"progress_percent": 50}, hidden=OUTSIDE_TEAM
    ),
    "delivery:requirement_tasks": Route(VENDOR_ROLES, team_requirement, hidden=OUTSIDE_TEAM),
}
