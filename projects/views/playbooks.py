from django.http import Http404
from django.shortcuts import render

from projects.access import is_of_vendor, person_page
from projects.domain import playbooks
from projects.enums import Role
from projects.permissions import can_create_project


@person_page(is_of_vendor)
def playbook_list(request):
    found = [(playbook, playbook.in_language(request.LANGUAGE_CODE)) for playbook in playbooks.list_playbooks()]
    context = {"playbooks": found, "can_create": can_create_project(request.user)}
    return render(request, "projects/playbook_list.html", context)


@person_page(is_of_vendor)
def playbook_detail(request, code):
    try:
        playbook = playbooks.load_playbook(code)
    except KeyError:
        raise Http404 from None
    data = playbook.in_language(request.LANGUAGE_CODE)
    tasks = [task | {"owner": Role(task["owner"]).label} for task in data["tasks"]]
    phases = [phase | {"tasks": [task for task in tasks if task["phase"] == phase["code"]]} for phase in data["phases"]]
    context = {
        "playbook": playbook,
        "data": data,
        "phases": phases,
        "can_create": can_create_project(request.user),
    }
    return render(request, "projects/playbook_detail.html", context)
