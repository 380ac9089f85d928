"""The routes of how acceptances end: part of the table in routes.py."""

from projects.enums import CUSTOMER_ROLES, DELIVERY_TEAM, VENDOR_ROLES, Role
from quality.domain import punch_items, records
from tests.access import Route
from tests.quality.signing import conditional, declined

AUDITOR = {Role.AUDITOR}


def conditional_acceptance(project):
    """Accepted with conditions, of which one item waits for the customer and one for the team."""
    acceptance = conditional(project=project, items=2)
    punch_items.finish_item(acceptance.punch_items.first().pk, comment="Done", by=acceptance.requested_by)
    return {"pk": acceptance.pk}


def done_item(project):
    return conditional_acceptance(project) | {"position": 1}


def open_item(project):
    return conditional_acceptance(project) | {"position": 2}


def declined_acceptance(project):
    acceptance = declined(project)
    records.make_record(acceptance.pk)
    return {"pk": acceptance.pk}


OUTCOME_ROUTES = {
    "quality:waiver_list": Route(VENDOR_ROLES | CUSTOMER_ROLES | AUDITOR),
    "quality:waiver_create": Route({Role.PROJECT_MANAGER}),
    "quality:acceptance_detail": Route(VENDOR_ROLES | CUSTOMER_ROLES, conditional_acceptance, hidden=AUDITOR),
    "quality:acceptance_record": Route(VENDOR_ROLES | CUSTOMER_ROLES, declined_acceptance, hidden=AUDITOR),
    "quality:punch_item_finish": Route(
        DELIVERY_TEAM | {Role.CSM}, open_item, post=True, data={"comment": "It is corrected"}
    ),
    "quality:punch_item_confirm": Route(CUSTOMER_ROLES, done_item, post=True),
    "quality:punch_item_return": Route(CUSTOMER_ROLES, done_item, post=True, data={"reason": "Not all"}),
}
