from types import SimpleNamespace

import pytest
from django.urls import include, path

from common import navigation

PROJECT = SimpleNamespace(key="HX-ERP", name="ERP")


USER, ADMINISTRATOR = SimpleNamespace(is_administrator=False), SimpleNamespace(is_administrator=True)


def opened_by(rule):
    def page(request, **kwargs):
        raise NotImplementedError

    page.may_open = rule
    return page


page = opened_by(lambda user, project: True)
administration = opened_by(lambda user, project: user.is_administrator)
settings = opened_by(lambda user, project: project.is_managed)

cockpit = (
    [
        path("", page, name="my_work"),
        path("portfolio/", page, name="portfolio"),
        path("projects/<str:project_key>/", page, name="project"),
    ],
    "cockpit",
)
delivery = (
    [
        path("projects/<str:project_key>/plan/", page, name="plan"),
        path("projects/<str:project_key>/tasks/", page, name="task_list"),
    ],
    "delivery",
)
people = ([path("people/", administration, name="person_list")], "accounts")
projects = ([path("projects/<str:project_key>/settings/", settings, name="settings")], "projects")
urlpatterns = [
    path("", include(projects)),
    path("", include(cockpit)),
    path("", include(delivery)),
    path("", include(people)),
]

pytestmark = pytest.mark.urls(__name__)


def current(groups):
    return {link.url: link.current for group in groups for link in group.links if link.current}


def labels(groups):
    return [str(link.label) for group in groups for link in group.links]


def test_staff_menu_outside_a_project_leaves_out_pages_that_do_not_exist():
    groups = navigation.staff_menu("/portfolio/", user=USER, project=None)
    assert labels(groups) == ["My work", "Projects"]


def test_staff_menu_shows_administration_to_administrators():
    groups = navigation.staff_menu("/portfolio/", user=ADMINISTRATOR, project=None)
    assert labels(groups) == ["My work", "Projects", "People"]


def test_staff_menu_inside_a_project_has_its_groups():
    groups = navigation.staff_menu("/projects/HX-ERP/", user=USER, project=PROJECT)
    assert [str(group.label) for group in groups] == ["None", "ERP", "Deliver"]
    assert [link.url for link in groups[2].links] == ["/projects/HX-ERP/plan/", "/projects/HX-ERP/tasks/"]


@pytest.mark.parametrize(
    ("address", "marked"),
    [
        ("/", {"/": "page"}),
        ("/projects/HX-ERP/", {"/projects/HX-ERP/": "page"}),
        ("/projects/HX-ERP/tasks/", {"/projects/HX-ERP/tasks/": "page"}),
        ("/projects/HX-ERP/tasks/7/", {"/projects/HX-ERP/tasks/": "true"}),
        ("/projects/HX-ERP/team/", {}),
        ("/preferences/", {}),
    ],
)
def test_staff_menu_marks_the_entry_one_is_at(address, marked):
    assert current(navigation.staff_menu(address, user=USER, project=PROJECT)) == marked


def test_portal_menu_is_short():
    links = navigation.portal_menu("/", user=USER, project=PROJECT)
    assert [str(link.label) for link in links] == ["Next step", "Plan"]


@pytest.mark.parametrize(("is_managed", "shown"), [(True, ["Settings"]), (False, [])])
def test_project_menu_leads_only_where_the_person_may_go(is_managed, shown):
    project = SimpleNamespace(key="HX-ERP", name="ERP", is_managed=is_managed)
    assert [str(link.label) for link in navigation.project_menu("/", user=USER, project=project)] == shown
