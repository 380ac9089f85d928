from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.errors import Refusal
from projects.access import person_page
from projects.domain import calendars, playbooks, projects
from projects.forms import NewProjectForm
from projects.permissions import can_create_project

STARTED = ("key", "name", "manager", "language", "playbook", "starts_on", "go_live_on", "summary")


@person_page(can_create_project)
def project_new(request):
    """The form, then what it will make, then the project: nothing is stored before the last step."""
    if request.method != "POST":
        initial = {"playbook": request.GET.get("playbook"), "language": request.user.language}
        if request.user.is_of_vendor:
            initial["manager"] = request.user
        return _show_form(request, NewProjectForm(initial=initial, language=request.LANGUAGE_CODE))
    form = NewProjectForm(request.POST, language=request.LANGUAGE_CODE)
    if not form.is_valid() or request.POST.get("step") == "edit":
        return _show_form(request, form)
    if request.POST.get("step") != "create":
        return _show_preview(request, form)
    try:
        project = projects.start_project(
            **{name: form.cleaned_data[name] for name in STARTED},
            customer=form.customer_organisation(),
            by=request.user,
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show_form(request, form)
    messages.success(request, _("The project has started. Now bring in its people."))
    return redirect("projects:team", project.key)


def _show_form(request, form):
    return render(request, "projects/project_new.html", {"form": form})


def _show_preview(request, form):
    playbook = playbooks.load_playbook(form.cleaned_data["playbook"])
    context = {
        "form": form,
        "values": form.cleaned_data,
        "customer": form.customer_organisation(),
        "go_live_on": form.calendar.go_live_on,
        "phases": calendars.plan_phases(playbook, form.calendar, form.cleaned_data["language"]),
        "counts": {
            part: len(playbook.data[part]) for part in ("objectives", "requirements", "tasks", "test_cases", "criteria")
        },
    }
    return render(request, "projects/project_preview.html", context)
