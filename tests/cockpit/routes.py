from tests.access import STRANGERS, Route

ROUTES = {
    "cockpit:health_live": Route(STRANGERS),
    "cockpit:health_ready": Route(STRANGERS),
}
