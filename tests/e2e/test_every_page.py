"""Every page that a route's table names, as the team and as the customer see it: no axe violation, no policy broken."""

from contextlib import closing

import pytest

from projects.enums import CUSTOMER_ROLES, VENDOR_ROLES, Role
from tests.access import ADMINISTRATORS, SIGNED_IN, STRANGERS
from tests.accounts.factories import UserFactory
from tests.e2e.conftest import DESKTOP, PHONE, assert_accessible
from tests.projects.factories import ProjectFactory, member
from tests.test_access import ROUTES, address

# Both languages, both themes and both widths of every template: the team at its desk, the customer on a phone, and
# where no customer comes the team on a phone too.
TEAM, CUSTOMER = (VENDOR_ROLES, Role.PROJECT_MANAGER), (CUSTOMER_ROLES, Role.SPONSOR)
DESK, POCKET = (DESKTOP, "en", "light"), (PHONE, "zh-hans", "dark")
READ = sorted(name for name, route in ROUTES.items() if not route.post)


def on_side(route, project, roles, preferred):
    """A person of one side who may open the route, or None."""
    if route.allowed in (SIGNED_IN, STRANGERS):
        return member(project, preferred)
    if isinstance(route.allowed, str):
        is_administrators = route.allowed == ADMINISTRATORS
        return UserFactory(is_administrator=is_administrators) if preferred in VENDOR_ROLES else None
    able = (set(route.allowed) - set(route.hidden)) & roles
    role = preferred if preferred in able else min(able, default=None)
    return member(project, role) if role else None


# Routes whose arguments make the rows that lists and overviews show.
ROWS = [
    "delivery:task_detail",
    "delivery:phase_deliverables",
    "projects:phase_detail",
    "quality:case_detail",
    "quality:run_detail",
]
ROWS += ["quality:defect_close", "requirements:objective_detail", "requirements:requirement_detail"]
ROWS += ["signing:document_detail", "success:report_detail"]


def windows(route, project, roles):
    if roles == CUSTOMER_ROLES:
        return [POCKET]
    return [DESK] if on_side(route, project, *CUSTOMER) else [DESK, POCKET]


def is_page(client, user, path) -> bool:
    client.force_login(user)
    with closing(client.get(path)) as answer:
        assert answer.status_code < 400
        return answer["Content-Type"].startswith("text/html") and b"<html" in answer.content


@pytest.mark.parametrize(("roles", "preferred"), [TEAM, CUSTOMER])
@pytest.mark.parametrize("name", READ)
def test_page_is_accessible(visit, client, name, roles, preferred):
    route, project = ROUTES[name], ProjectFactory()
    if not callable(route.args):
        for maker in ROWS:
            ROUTES[maker].args(project)
    user = on_side(route, project, roles, preferred)
    if user is None:
        pytest.skip("no page of this side")
    path = address(name, route, project)
    if not is_page(client, user, path):
        pytest.skip("a download or a fragment")
    for width, language, theme in windows(route, project, roles):
        user.language, user.theme = language, theme
        user.save()
        assert_accessible(visit(path, user=user, width=width, language=language, theme=theme))
