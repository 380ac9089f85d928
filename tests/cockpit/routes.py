from projects.enums import EVERY_ROLE
from tests.access import SIGNED_IN, STRANGERS, Route

ROUTES = {
    "cockpit:my_work": Route(SIGNED_IN),
    "cockpit:portfolio": Route(SIGNED_IN),
    "cockpit:project": Route(EVERY_ROLE),
    "cockpit:search_house": Route(SIGNED_IN),
    "cockpit:search": Route(EVERY_ROLE),
    "cockpit:health_live": Route(STRANGERS),
    "cockpit:health_ready": Route(STRANGERS),
}
