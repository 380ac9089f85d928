from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from projects.access import project_page
from quality.domain import playbook
from quality.forms.playbook import CopyForm, PlaybookForm
from quality.permissions import can_edit_case


@project_page(can_edit_case)
def playbook_cases(request, project):
    """The test cases of a playbook, to pick those that this project copies."""
    chosen = PlaybookForm(request.GET).chosen(default=project.playbook)
    offered = playbook.offer(project, chosen)
    form = CopyForm(request.POST if request.method == "POST" else None, offered=offered)
    if request.method == "POST" and form.is_valid():
        copied = len(playbook.copy_cases(project, chosen, form.cleaned_data["codes"], by=request.user))
        words = ngettext("%(count)s test case was copied.", "%(count)s test cases were copied.", copied)
        messages.success(request, words % {"count": copied})
        return redirect("quality:case_list", project.key)
    context = {
        "project": project,
        "playbooks": PlaybookForm(initial={"playbook": chosen}),
        "offered": offered,
        "form": form,
        "can_copy": not all(row.is_here for row in offered),
        "can_edit": True,
        "ticked": request.POST.getlist("codes"),
    }
    return render(request, "quality/playbook_cases.html", context)
