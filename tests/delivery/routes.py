from projects.enums import DELIVERY_TEAM, EVERY_ROLE, VENDOR_ROLES, Audience, Role
from tests.access import Route
from tests.delivery.factories import TaskFactory
from tests.requirements.factories import RequirementFactory

PLANNERS = {Role.PROJECT_MANAGER, Role.CONSULTANT}
OUTSIDE_TEAM = EVERY_ROLE - VENDOR_ROLES


def team_task(project):
    return {"number": TaskFactory(project=project).number}


def shared_task(project):
    return {"number": TaskFactory(project=project, shared=True).number}


def team_requirement(project):
    return {"number": RequirementFactory(project=project, audience=Audience.TEAM).number}


ROUTES = {
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
