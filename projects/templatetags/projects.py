"""{% load projects %}

{% discussion requirement %}     comments and files on an object that registered itself in projects.targets
{% object_trail requirement %}   the last entries of its trail, for who may read the trail
{% phase_stepper project phases %}   the phases of a project in a row, each a link
"""

from django import template
from django.middleware.csrf import get_token
from django.utils import timezone

from audit.domain import trail, words
from projects.discussions import discussion_context
from projects.permissions import can_view_trail

register = template.Library()
SHOWN = 10


@register.inclusion_tag("projects/_discussion.html", takes_context=True)
def discussion(context, target):
    request = context["request"]
    return {**discussion_context(request, target), "csrf_token": get_token(request), "shell": context.get("shell")}


@register.inclusion_tag("projects/_trail.html", takes_context=True)
def object_trail(context, obj):
    if not can_view_trail(context["request"].user, obj.project):
        return {"allowed": False}
    entries = list(trail.entries_for(obj).order_by("-number")[: SHOWN + 1])
    return {
        "allowed": True,
        "lines": words.lines(entries[:SHOWN]),
        "more": len(entries) > SHOWN,
        "project": obj.project,
        "about": f"{obj._meta.label_lower}:{obj.pk}",
    }


@register.inclusion_tag("projects/_phase_stepper.html")
def phase_stepper(project, phases, current=None):
    """`current` is the phase whose page this is."""
    today = timezone.localdate()
    phases = list(phases)
    overdue = [phase for phase in phases if phase.is_overdue(today)]
    return {"project": project, "phases": phases, "current": current, "overdue": overdue}
