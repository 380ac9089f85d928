from django.shortcuts import render
from django.utils import timezone

from cockpit.domain.overview import overview_of, status_of
from delivery.models import Task
from delivery.views.tasks import show_states
from projects.access import project_page
from projects.permissions import can_view_project
from projects.roles import visible_in
from signing.models import SignatureRequest

MOST_MILESTONES = 8


@project_page(can_view_project)
def project_overview(request, project):
    today = timezone.localdate()
    overview = overview_of(project, request.user, on=today)
    milestones = visible_in(Task.objects.filter(is_milestone=True), request.user, project).order_by("ends_on", "number")
    shown = next_milestones(list(milestones), today)
    show_states(shown)
    unsigned = visible_in(SignatureRequest.objects.open(), request.user, project).prefetch_related("signers__user")
    context = {
        "project": project,
        "phases": list(project.phases.all()),
        "overview": overview,
        "status": status_of(project, overview, on=today),
        "milestones": shown,
        "unsigned": unsigned,
    }
    return render(request, "cockpit/project.html", context)


def next_milestones(milestones, today):
    """The milestones around today: the last finished one, then what is to come."""
    done = [milestone for milestone in milestones if milestone.progress_percent == 100]
    ahead = [milestone for milestone in milestones if milestone.progress_percent < 100]
    return (done[-2:] + ahead)[:MOST_MILESTONES]
