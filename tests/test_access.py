"""Every URL × every role × another customer's people."""

from importlib import import_module

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from projects.enums import Role
from tests.access import ADMINISTRATORS, SIGNED_IN, STRANGERS, VENDOR, Route
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory, member

pytestmark = pytest.mark.one_engine
APPS = ("notices", "accounts", "projects", "signing", "requirements", "delivery", "quality", "success", "cockpit")
# Routes of libraries, with the reason why their own rule is enough.
LIBRARY = {
    "account_": "allauth: sign-in, codes and passwords; each page guards itself",
    "schema": "drf-spectacular: REST_FRAMEWORK asks for a signed-in caller",
    "docs": "drf-spectacular: REST_FRAMEWORK asks for a signed-in caller",
}


def patterns(resolver=None, namespace=""):
    """Every (full name, pattern) of the URL configuration."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", entry


def is_of_library(name):
    return any(name.startswith(prefix) for prefix in LIBRARY)


def is_api(entry):
    return hasattr(entry.callback, "cls")


PAGES = {name: entry for name, entry in patterns() if not is_api(entry) and not is_of_library(name)}
ROUTES: dict[str, Route] = {}
for app in APPS:
    try:
        ROUTES |= import_module(f"tests.{app}.routes").ROUTES
    except ModuleNotFoundError as missing:
        if missing.name != f"tests.{app}.routes":
            raise


@pytest.mark.parametrize("name", sorted(PAGES))
def test_view_declares_its_access(name):
    assert getattr(PAGES[name].callback, "access", ""), f"{name} declares no permission"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_route_is_in_the_table(name):
    assert name in ROUTES, f"{name} is in no tests/<app>/routes.py"


@pytest.mark.parametrize("name", [name for name, entry in patterns() if is_api(entry) and not is_of_library(name)])
def test_api_route_declares_its_rights(name):
    view = dict(patterns())[name].callback.cls
    declared = getattr(view, "rights", None) or getattr(view, "access", None)
    assert declared or view.permission_classes, name


def api_calls():
    """Every (URL name, method, view class, action) of the API that needs to know no more than the project."""
    for name, entry in patterns():
        if is_api(entry) and not is_of_library(name) and set(entry.pattern.regex.groupindex) == {"project_key"}:
            for method, action in entry.callback.actions.items():
                yield name, method, entry.callback.cls, action


API_CALLS = sorted(set(api_calls()), key=str)


def call_api(client, name, method, project):
    url = reverse(name, kwargs={"project_key": project.key})
    return getattr(client, method)(url, {}, content_type="application/json").status_code


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("name", "method", "view", "action"), API_CALLS)
def test_api_call_is_forbidden_to_whom_its_right_is_not_given(client, name, method, view, action, role):
    project = ProjectFactory()
    user = member(project, role)
    client.force_login(user)
    status = call_api(client, name, method, project)
    if view.rights[action](user, project):
        assert status in {200, 201, 400, 404, 409, 415}  # 404: it also wants to know of which object
    else:
        assert status == 403


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.PROJECT_MANAGER, Role.SPONSOR, Role.AUDITOR])
@pytest.mark.parametrize(("name", "method", "view", "action"), API_CALLS)
def test_api_call_is_hidden_from_another_projects_people(client, name, method, view, action, role):
    client.force_login(member(ProjectFactory(), role))
    assert call_api(client, name, method, ProjectFactory()) == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "method", "view", "action"), API_CALLS)
def test_api_call_asks_a_stranger_for_a_token(client, name, method, view, action):
    assert call_api(client, name, method, ProjectFactory()) in {401, 403}


def address(name, route, project):
    """The URL of a route, with the rows its arguments name."""
    args = dict(route.args(project) if callable(route.args) else route.args)
    if "project_key" in PAGES[name].pattern.converters or "project_key" in str(PAGES[name].pattern):
        args.setdefault("project_key", project.key)
    return reverse(name, kwargs=args)


def ask(client, name, route, project):
    url = address(name, route, project)
    response = client.post(url, route.data) if route.post else client.get(url)
    response.close()  # a download holds its file open until then
    return response.status_code


PROJECT_ROUTES = sorted(name for name, route in ROUTES.items() if not isinstance(route.allowed, str))


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", PROJECT_ROUTES)
def test_project_route_by_role(client, name, role):
    route, project = ROUTES[name], ProjectFactory()
    client.force_login(member(project, role))
    status = ask(client, name, route, project)
    if role in route.hidden:
        assert status == 404
    elif role in route.allowed:
        assert status in {200, 204, 302, 400, 409}
    else:
        assert status == 403


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.PROJECT_MANAGER, Role.SPONSOR, Role.AUDITOR])
@pytest.mark.parametrize("name", PROJECT_ROUTES)
def test_project_route_is_hidden_from_another_projects_people(client, name, role):
    route, project = ROUTES[name], ProjectFactory()
    client.force_login(member(ProjectFactory(), role))
    assert ask(client, name, route, project) == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", PROJECT_ROUTES)
def test_project_route_asks_a_stranger_to_sign_in(client, name):
    route, project = ROUTES[name], ProjectFactory()
    assert ask(client, name, route, project) == 302


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["stranger", "customer", "vendor", "administrator"])
@pytest.mark.parametrize("name", sorted(name for name, route in ROUTES.items() if isinstance(route.allowed, str)))
def test_route_outside_projects(client, name, who):
    route, project = ROUTES[name], ProjectFactory()
    people = {
        "customer": lambda: UserFactory(of_customer=True),
        "vendor": UserFactory,
        "administrator": lambda: UserFactory(administrator=True),
    }
    if who in people:
        client.force_login(people[who]())
    allowed = {
        STRANGERS: {"stranger", "customer", "vendor", "administrator"},
        SIGNED_IN: {"customer", "vendor", "administrator"},
        VENDOR: {"vendor", "administrator"},
        ADMINISTRATORS: {"administrator"},
    }[route.allowed]
    status = ask(client, name, route, project)
    if who in allowed:
        assert status in {200, 204, 302, 400, 409, 410}
    else:
        assert status == (302 if who == "stranger" else 403)
