from django.shortcuts import render
from django.utils import timezone

from cockpit.domain.portfolio import judge_project, projects_with_figures
from cockpit.domain.waiting import waiting_for
from projects.access import is_signed_in, person_page

MOST_PROJECTS = 12


@person_page(is_signed_in)
def my_work(request):
    """What waits for the person first, then their projects. A customer gets the one next step on top."""
    today = timezone.localdate()
    items = waiting_for(request.user, on=today)
    for_show = [
        {"item": item, "family": item.family_on(today), "days_late": item.days_late_on(today)} for item in items
    ]
    projects = list(projects_with_figures(request.user, on=today)[: MOST_PROJECTS + 1])
    for project in projects:
        project.status = judge_project(project, on=today)
    context = {
        "waiting": for_show,
        "projects": projects[:MOST_PROJECTS],
        "has_more_projects": len(projects) > MOST_PROJECTS,
    }
    name = "cockpit/my_work.html" if request.user.works_in_teams else "cockpit/next_step.html"
    return render(request, name, context)
