from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from projects.access import project_page
from projects.roles import is_team, visible_in
from quality.domain import acceptances, clocks, contents, evaluation, facts, lines, punch_items
from quality.domain.evaluation import Line
from quality.enums import GIVEN, AcceptanceState, CriteriaState, PunchState
from quality.forms.acceptances import FinishItemForm, PunchFormSet, ReturnItemForm, owners_of
from quality.forms.rows import with_one_more_row
from quality.models import Acceptance, AcceptanceRecord, CriteriaSet, scope_name
from quality.permissions import (
    can_confirm_punch_item,
    can_edit_criteria,
    can_finish_punch_item,
    can_request_acceptance,
    can_view_acceptance,
)
from quality.views.scopes import phase_of_scope
from signing.domain.authority import contract_day
from signing.forms import SendForm
from signing.views.files import pdf_response

STANDING = {AcceptanceState.REQUESTED, *GIVEN}
ROWS = "items"  # prefix of the rows of the punch list in the form


@dataclass(frozen=True)
class ScopeView:
    """A phase or the whole project on the acceptance page."""

    criteria_set: CriteriaSet
    lines: list[Line]
    standing: Acceptance | None
    in_part: list[Acceptance]  # those given that left lines for later

    @property
    def name(self) -> str:
        return scope_name(self.criteria_set.phase)

    @property
    def met(self) -> int:
        return sum(line.is_met for line in self.lines)

    @property
    def is_met(self) -> bool:
        return evaluation.is_met(self.lines)

    @property
    def can_be_requested(self) -> bool:
        return self.criteria_set.state == CriteriaState.AGREED and bool(self.lines) and not self.standing


def visible_sets(request, project):
    rows = visible_in(CriteriaSet.objects.all(), request.user, project)
    return rows.select_related("phase", "document")


@project_page(can_view_acceptance)
def acceptance(request, project):
    """Every scope with its criteria as they stand now, and what was accepted before."""
    sets = list(visible_sets(request, project).prefetch_related("criteria"))
    rows = visible_in(Acceptance.objects.all(), request.user, project)
    decided = list(rows.select_related("phase", "document", "requested_by"))
    context = {
        "project": project,
        "scopes": scopes_of(project, sets, decided),
        "acceptances": decided,
        "earlier_sets": [row for row in sets if row.state == CriteriaState.REOPENED],
        "is_team": is_team(request.user, project),
        "can_edit": can_edit_criteria(request.user, project),
        "can_request": can_request_acceptance(request.user, project),
    }
    return render(request, "quality/acceptance.html", context)


def scopes_of(project, sets, decided):
    current = [row for row in sets if row.state != CriteriaState.REOPENED]
    if not current:
        return []
    measured = facts.ProjectFacts(project)
    standing = {row.phase_id: row for row in decided if row.state in STANDING and not row.is_given_in_part}
    scopes = []
    for criteria_set in current:
        criteria_set.project = project
        criteria = list(criteria_set.criteria.all())
        for criterion in criteria:
            criterion.criteria_set = criteria_set
        found = evaluation.evaluate_all(criteria, measured.of_scope(criteria_set.phase))
        in_part = [row for row in decided if row.is_given_in_part and row.phase_id == criteria_set.phase_id]
        scopes.append(ScopeView(criteria_set, found, standing.get(criteria_set.phase_id), in_part))
    return scopes


@project_page(can_request_acceptance)
def acceptance_request(request, project, scope):
    """What would be frozen, under which conditions, and who signs; sending it makes the document."""
    phase = phase_of_scope(project, scope)
    agreed = CriteriaSet.objects.of_scope(project, phase).agreed().select_related("phase", "document")
    criteria_set = get_object_or_404(agreed)
    criteria_set.project = project
    content = contents.read(criteria_set)
    items = lines.remaining(project, phase)
    in_part = "partial" in request.GET and items
    conditional = "conditions" in request.GET or not (content.is_met or in_part)
    kind = acceptances.CONDITIONAL_KIND if conditional else acceptances.KIND
    is_adding = "add_row" in request.POST
    data = None if is_adding else request.POST or None
    form = SendForm(data, project=project, kind_code=kind, by=request.user)
    rows = punch_rows(request, project, content) if conditional else None
    if data and form.is_valid() and (rows is None or rows.is_valid()):
        try:
            sent = acceptances.request_acceptance(
                project,
                phase,
                by=request.user,
                punch_list=rows.wordings() if rows else (),
                accepted_lines=request.POST.getlist("lines") if items else None,
                **form.options(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The acceptance is sent for signature."))
            return redirect(sent.document)
    context = {
        "project": project,
        "scope": scope_name(phase),
        "content": content,
        "form": form,
        "rows": rows,
        "lines": items,
        "chosen": request.POST.getlist("lines") if request.method == "POST" else [item.key for item in items],
        "is_adding": is_adding,
        "declined": last_declined(project, phase),
        "changes": acceptances.changes_since_voided(project, phase, content),
    }
    name = "quality/_punch_rows.html" if request.htmx and is_adding else "quality/acceptance_request.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def punch_rows(request, project, content):
    """The rows of the punch list: proposed from what is not met, or as they were typed."""
    unmet = [line for line in content.lines if not line.is_settled]
    today = contract_day(project, timezone.now())
    options = {"form_kwargs": {"team": owners_of(project), "unmet": unmet, "today": today}, "prefix": ROWS}
    if request.method != "POST":
        proposed = [
            {"text": line.criterion.statement, "criterion": line.criterion.position, "owner": request.user.pk}
            for line in unmet
        ]
        return PunchFormSet(initial=proposed, **options)
    return PunchFormSet(with_one_more_row(request.POST, ROWS) if "add_row" in request.POST else request.POST, **options)


def last_declined(project, phase):
    """The decline that the next request answers: the one after which nothing else was asked."""
    last = Acceptance.objects.filter(project=project, phase=phase).select_related("document").first()
    return last if last and last.state == AcceptanceState.DECLINED else None


@project_page(can_view_acceptance)
def acceptance_detail(request, project, pk):
    """One acceptance: its document, how it ended, what it leaves to be done and how far that is."""
    return show_acceptance(request, project, visible_acceptance(request, project, pk))


def visible_acceptance(request, project, pk):
    rows = visible_in(Acceptance.objects.all(), request.user, project)
    found = get_object_or_404(
        rows.select_related("phase", "criteria_set__document", "document", "requested_by", "record"), pk=pk
    )
    found.project = found.criteria_set.project = project
    return found


def show_acceptance(request, project, shown, failed=None):
    """The page of an acceptance; `failed` is (position, form) of an item whose form could not be taken."""
    today = contract_day(project, timezone.now())
    items = list(shown.punch_items.shown())
    for item in items:
        item.acceptance = shown
        if item.criterion:
            item.criterion.criteria_set = shown.criteria_set
        item.late = item.days_late(today)
        item.finish_form, item.return_form = FinishItemForm(), ReturnItemForm()
        if failed and failed[0] == item.position:
            setattr(item, failed[1].name, failed[1])
    to_do = contents.read(shown.criteria_set) if shown.state == AcceptanceState.DECLINED else None
    now = timezone.now()
    clock = clocks.clock_of(shown, now)
    context = {
        "project": project,
        "acceptance": shown,
        "lines": list(shown.lines.all()),
        "clock": clock,
        "clock_words": clocks.words(shown, now) if clock else [],
        "notices": list(shown.notices.all()) if shown.criteria_set.deemed_after_days else [],
        "items": items,
        "confirmed": sum(item.state == PunchState.CONFIRMED for item in items),
        "unmet": [line for line in to_do.lines if not line.is_settled] if to_do else [],
        "open_defects": to_do.defects if to_do and is_team(request.user, project) else [],
        "is_team": is_team(request.user, project),
        "can_request": bool(to_do)
        and can_request_acceptance(request.user, project)
        and not acceptances.standing(project, shown.phase),
        "can_finish": can_finish_punch_item(request.user, project),
        "can_confirm": can_confirm_punch_item(request.user, project),
    }
    return render(request, "quality/acceptance_detail.html", context)


@project_page(can_view_acceptance)
def acceptance_record(request, project, pk):
    """The record of an outcome that nobody signs, as a download."""
    shown = visible_acceptance(request, project, pk)
    record = get_object_or_404(AcceptanceRecord, acceptance=shown)
    return pdf_response(record.file, record.file_name)


@project_page(can_finish_punch_item)
@require_POST
def punch_item_finish(request, project, pk, position):
    form = FinishItemForm(request.POST, request.FILES)
    form.name = "finish_form"
    return _move_item(request, project, pk, position, form, punch_items.finish_item, lambda: form.values())


@project_page(can_confirm_punch_item)
@require_POST
def punch_item_confirm(request, project, pk, position):
    return _move_item(request, project, pk, position, None, punch_items.confirm_item, dict)


@project_page(can_confirm_punch_item)
@require_POST
def punch_item_return(request, project, pk, position):
    form = ReturnItemForm(request.POST)
    form.name = "return_form"
    return _move_item(request, project, pk, position, form, punch_items.return_item, lambda: form.cleaned_data)


def _move_item(request, project, pk, position, form, move, values):
    """Do the move of an item and show the acceptance; an invalid form comes back where it was typed."""
    shown = visible_acceptance(request, project, pk)
    item = get_object_or_404(shown.punch_items, position=position)
    if form is not None and not form.is_valid():
        return show_acceptance(request, project, shown, (position, form))
    try:
        move(item.pk, by=request.user, **values())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved: item %(position)s.") % {"position": position})
    item.acceptance = shown
    return redirect(item)
