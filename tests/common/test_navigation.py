from types import SimpleNamespace

import pytest
from django.urls import include, path

from common import navigation

PROJECT = SimpleNamespace(key="HX-ERP", name="ERP")


def page(request, **kwargs):
    raise NotImplementedError


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
people = ([path("people/", page, name="person_list")], "accounts")
urlpatterns = [path("", include(cockpit)), path("", include(delivery)), path("", include(people))]

pytestmark = pytest.mark.urls(__name__)


def current(groups):
    return {link.url: link.current for group in groups for link in group.links if link.current}


def labels(groups):
    return [str(link.label) for group in groups for link in group.links]


def test_staff_menu_outside_a_project_leaves_out_pages_that_do_not_exist():
    groups = navigation.staff_menu("/portfolio/", project=None, is_administrator=False)
    assert labels(groups) == ["My work", "Projects"]


def test_staff_menu_shows_administration_to_administrators():
    groups = navigation.staff_menu("/portfolio/", project=None, is_administrator=True)
    assert labels(groups) == ["My work", "Projects", "People"]


def test_staff_menu_inside_a_project_has_its_groups():
    groups = navigation.staff_menu("/projects/HX-ERP/", project=PROJECT, is_administrator=False)
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
    assert current(navigation.staff_menu(address, project=PROJECT, is_administrator=False)) == marked


def test_portal_menu_is_short():
    links = navigation.portal_menu("/", project=PROJECT)
    assert [str(link.label) for link in links] == ["Next step", "Plan"]


def test_project_menu_is_empty_where_no_page_exists():
    assert navigation.project_menu("/", project=PROJECT) == []
