from django.http import Http404
from django.shortcuts import get_object_or_404

from projects.models import Phase
from quality.models import scope_slug


def phase_of_scope(project, slug: str) -> Phase | None:
    """Return the phase that an address names, or None for the whole project; 404 for anything else."""
    if slug == scope_slug(None):
        return None
    if not slug:
        raise Http404
    return get_object_or_404(Phase, project=project, code=slug)
