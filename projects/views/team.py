from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from common.errors import Refusal
from projects.access import project_page
from projects.domain import team as domain
from projects.domain.queries import members_by_side
from projects.enums import Role
from projects.forms import MemberForm, RolesForm
from projects.permissions import can_edit_team, can_view_team
from projects.rights import all_tables


@project_page(can_view_team)
def team(request, project):
    context = {
        "sides": members_by_side(project),
        "can_edit": can_edit_team(request.user, project),
        "tables": all_tables(),
        "roles": list(Role),
    }
    return render(request, "projects/team.html", context)


@project_page(can_edit_team)
def member_add(request, project):
    initial = {"language": project.language}
    form = MemberForm(request.POST or None, initial=initial, project=project)
    if form.is_valid():
        try:
            change = domain.add_person(project, **form.cleaned_data, by=request.user)
        except Refusal as refusal:
            form.add_error("email", str(refusal))
        else:
            _say_added(request, change)
            return redirect("projects:team", project.key)
    return render(request, "projects/member_add.html", {"form": form})


def _say_added(request, change):
    facts = {"person": change.user.name, "email": change.user.email}
    if not change.given:
        messages.info(request, _("%(person)s had these roles already; nothing changed.") % facts)
    elif change.user.last_login is None:
        messages.success(request, _("%(person)s is in the team; an invitation to %(email)s is on its way.") % facts)
    else:
        messages.success(request, _("%(person)s is in the team and has been told.") % facts)


@project_page(can_edit_team)
def member_edit(request, project, user_id):
    person = _member(project, user_id)
    held = list(project.memberships.filter(user=person).values_list("role", flat=True))
    form = RolesForm(request.POST or None, initial={"roles": held}, organisation=person.organisation, project=project)
    if form.is_valid():
        try:
            domain.set_roles(project, person, form.cleaned_data["roles"], by=request.user)
        except Refusal as refusal:
            form.add_error("roles", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("projects:team", project.key)
    return render(request, "projects/member_edit.html", {"form": form, "person": person})


@project_page(can_edit_team)
@require_POST
def member_remove(request, project, user_id):
    person = get_object_or_404(User, pk=user_id)
    try:
        change = domain.remove_person(project, person, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if not change.taken:
            raise Http404
        messages.success(request, _("%(person)s is no longer in the project.") % {"person": person.name})
    if not can_view_team(request.user, project):  # who removed themselves has no team page any more
        return redirect("/")
    return redirect("projects:team", project.key)


def _member(project, user_id):
    members = User.objects.filter(memberships__project=project).select_related("organisation").distinct()
    return get_object_or_404(members, pk=user_id)
