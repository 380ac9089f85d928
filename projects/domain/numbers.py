"""Numbers that people quote: per project, never twice. The caller's transaction makes number and row one step."""

from django.db.models import Max, Model

from projects.models import Project


def next_number(model: type[Model], project: Project) -> int:
    """Return the next free `number` of `model` in `project`, holding the project's row until the transaction ends."""
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    highest = model._default_manager.filter(project=project).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1
