from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from cockpit.domain.search import find, find_projects
from common import navigation
from projects.access import is_signed_in, person_page, project_page
from projects.permissions import can_view_project


@person_page(is_signed_in)
def search_house(request):
    """Go to a page or a project, from outside any."""
    words = _words(request)
    return _answer(request, words, find_projects(request.user, words), project=None)


@project_page(can_view_project)
def search(request, project):
    """Go to a page or a thing of the project."""
    words = _words(request)
    return _answer(request, words, find(request.user, project, words), project=project)


def _words(request) -> str:
    return request.GET.get("q", "").strip()[:100]


def _answer(request, words, found, *, project):
    """A page of its own; with Ctrl+K a dialog, its answers a fragment."""
    context = {"project": project, "words": words, "found": found, "links": _links(request, project, words)}
    name = "cockpit/search.html"
    if request.htmx:
        name = "cockpit/_found.html" if "q" in request.GET else "cockpit/_search.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _links(request, project, words):
    if not words:
        return []
    if not (request.user.works_in_teams or request.user.is_administrator):
        links = navigation.portal_menu(request.path, user=request.user, project=project)
    else:
        groups = navigation.staff_menu(request.path, user=request.user, project=project)
        links = [link for group in groups for link in group.links]
        links += navigation.project_menu(request.path, user=request.user, project=project) if project else []
    return [link for link in links if words.casefold() in str(link.label).casefold()]
