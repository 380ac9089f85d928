from projects.enums import CUSTOMER_ROLES, EVERY_ROLE, VENDOR_ROLES, Role
from requirements.enums import BaselineState
from tests.access import Route
from tests.requirements.factories import ObjectiveFactory, RequirementFactory, frozen_baseline

EDITORS = {Role.PROJECT_MANAGER, Role.CONSULTANT}
MANAGER = {Role.PROJECT_MANAGER}


def objective(project):
    return {"number": ObjectiveFactory(project=project).number}


def requirement(project):
    return {"number": RequirementFactory(project=project).number}


def withdrawn(project):
    return {"number": RequirementFactory(project=project, withdrawn=True).number}


def baseline(state=BaselineState.FROZEN):
    def make(project):
        return {"number": frozen_baseline(project, state=state).number}

    return make


# What is not shared for the audit does not exist for an auditor, and what is frozen and not sent not for a customer.
SHARED = {"allowed": EVERY_ROLE - {Role.AUDITOR}, "hidden": {Role.AUDITOR}}
TEAM = {"allowed": VENDOR_ROLES, "hidden": CUSTOMER_ROLES | {Role.AUDITOR}}

ROUTES = {
    "requirements:objective_list": Route(EVERY_ROLE),
    "requirements:objective_add": Route(EDITORS),
    "requirements:objective_detail": Route(args=objective, **SHARED),
    "requirements:objective_edit": Route(EDITORS, objective),
    "requirements:requirement_list": Route(EVERY_ROLE),
    "requirements:requirement_add": Route(EDITORS),
    "requirements:requirement_detail": Route(args=requirement, **SHARED),
    "requirements:requirement_edit": Route(EDITORS, requirement),
    "requirements:requirement_withdraw": Route(EDITORS, requirement),
    "requirements:requirement_restore": Route(EDITORS, withdrawn, post=True),
    "requirements:requirement_delete": Route(EDITORS, requirement, post=True),
    "requirements:baseline_list": Route(EVERY_ROLE),
    "requirements:baseline_freeze": Route(MANAGER),
    "requirements:baseline_detail": Route(args=baseline(), **TEAM),
    "requirements:baseline_difference": Route(args=baseline(), **TEAM),
    "requirements:baseline_send": Route(MANAGER, baseline()),
    "requirements:baseline_audit": Route(MANAGER, baseline(), post=True),
    "requirements:baseline_reopen": Route(MANAGER, baseline(BaselineState.SIGNED)),
    "requirements:baseline_discard": Route(MANAGER, baseline()),
}
