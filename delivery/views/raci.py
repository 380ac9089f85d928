from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from common.errors import Refusal
from delivery.domain import raci
from delivery.domain.queries import visible_deliverables
from delivery.enums import Raci
from delivery.forms.deliverables import MatrixForm, cell_name
from delivery.models import RaciEntry
from delivery.permissions import can_edit_deliverable, can_view_deliverable
from projects.access import project_page


@project_page(can_view_deliverable)
def raci_matrix(request, project):
    """The matrix of every phase, as letters; phases are edited one by one."""
    visible = visible_deliverables(request.user, project)
    rows = list(visible.select_related("phase").prefetch_related("raci").order_by("phase__number", "number"))
    can_edit = can_edit_deliverable(request.user, project)
    people = columns(project, [entry for row in rows for entry in row.raci.all()])
    if not can_edit:  # who only reads sees the people who have a part
        held = {entry.person_id for row in rows for entry in row.raci.all()}
        people = [person for person in people if person.pk in held]
    context = {
        "project": project,
        "people": people,
        "phases": by_phase(rows, people),
        "letters": list(Raci),
        "can_edit": can_edit,
        "can_fill": can_edit and any(row.planned_roles and not row.raci.all() for row in rows),
    }
    return render(request, "delivery/raci_matrix.html", context)


def columns(project, entries):
    """The people of the project, and who has left it but still has a part."""
    people = raci.people_of(project)
    left = RaciEntry.objects.none()
    known = {person.pk for person in people}
    if any(entry.person_id not in known for entry in entries):
        left = RaciEntry.objects.filter(deliverable__project=project).exclude(person__in=known)
    for entry in left.select_related("person").order_by("person__name", "person_id"):
        if entry.person_id not in known:
            known.add(entry.person_id)
            entry.person.has_left, entry.person.is_team = True, False
            people.append(entry.person)
    return people


def by_phase(rows, people):
    """Return the phases with their rows; each row has `cells`, the letter of every person."""
    phases = {}
    for row in rows:
        letters = {entry.person_id: Raci(entry.letter) for entry in row.raci.all()}
        row.cells = [(person, letters.get(person.pk)) for person in people]
        row.has_accountable = Raci.ACCOUNTABLE in letters.values()
        phases.setdefault(row.phase, []).append(row)
    return list(phases.items())


@project_page(can_edit_deliverable)
def raci_edit(request, project, number):
    """The matrix of one phase, a select in every cell."""
    phase = get_object_or_404(project.phases, number=number)
    rows = list(visible_deliverables(request.user, project).filter(phase=phase).prefetch_related("raci"))
    entries = [entry for row in rows for entry in row.raci.all()]
    letters = {(entry.deliverable_id, entry.person_id): entry.letter for entry in entries}
    people = columns(project, entries)
    given = {"deliverables": rows, "people": people, "letters": letters}
    form = MatrixForm(request.POST or None, initial={"token": raci.token_of(entries)}, **given)
    if request.method == "POST" and form.is_valid():
        phase.project = project
        try:
            changed = raci.set_letters(phase, form.letters(), by=request.user, token=form.cleaned_data["token"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _say(request, changed)
            return redirect("delivery:raci_matrix", project.key)
    for row in rows:
        row.cells = [
            (person, form[name] if (name := cell_name(row.pk, person.pk)) in form.fields else None) for person in people
        ]
    context = {
        "project": project,
        "phase": phase,
        "people": people,
        "rows": rows,
        "form": form,
        "token": raci.token_of(entries),  # who was refused has seen the present letters now
        "letters": list(Raci),
    }
    return render(request, "delivery/raci_edit.html", context)


@project_page(can_edit_deliverable)
@require_POST
def raci_fill(request, project):
    filled = raci.fill_from_playbook(project, by=request.user)
    _say(request, filled)
    return redirect("delivery:raci_matrix", project.key)


def _say(request, changed):
    if not changed:
        messages.info(request, _("Nothing changed."))
        return
    words = ngettext(
        "The people of %(count)s deliverable were saved.", "The people of %(count)s deliverables were saved.", changed
    )
    messages.success(request, words % {"count": changed})
