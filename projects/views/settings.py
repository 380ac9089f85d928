from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.domain import trail
from projects.access import project_page
from projects.domain import errors, projects
from projects.forms import ProjectForm
from projects.models import Project
from projects.permissions import can_edit_project


@project_page(can_edit_project)
def settings(request, project):
    edited = Project.objects.get(pk=project.pk)  # the page's heading keeps the stored name while the form is wrong
    form = ProjectForm(request.POST or None, instance=edited)
    if form.is_valid():
        trail.save(form.instance, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("projects:settings", project.key)
    return render(request, "projects/settings.html", {"form": form, "moves": projects.moves_of(project)})


@project_page(can_edit_project)
@require_POST
def project_move(request, project, move):
    if move not in projects.MOVES:
        raise Http404
    try:
        projects.move_project(project.pk, move, by=request.user)
    except errors.MoveNotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("projects:settings", project.key)
