from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from common.lists import list_page
from delivery.domain import deliverables
from delivery.domain.queries import for_register, visible_deliverables
from delivery.enums import WEIGHT
from delivery.forms.deliverables import (
    DeliverableFilter,
    DeliverableForm,
    ReopenDeliverableForm,
    ReturnForm,
    ReviewForm,
    VersionForm,
)
from delivery.models import DeliverableVersion, RaciEntry
from delivery.permissions import (
    can_edit_deliverable,
    can_review_deliverable,
    can_upload_version,
    can_view_deliverable,
)
from projects.access import project_page
from projects.files import give_out

SORTS = {
    "number": "number",
    "title": ("title", "number"),
    "phase": ("phase__number", "number"),
    "kind": ("kind", "number"),
    "due": ("due_on", "number"),
    "state": ("state", "number"),
}
RELATED = ("phase", "approved_version", "approved_by")
LETTERS = Prefetch("raci", RaciEntry.objects.select_related("person"))


def visible_deliverable(request, project, number):
    rows = visible_deliverables(request.user, project).select_related(*RELATED).prefetch_related(LETTERS)
    deliverable = get_object_or_404(rows, number=number)
    deliverable.project = project
    return deliverable


@project_page(can_view_deliverable)
def deliverable_list(request, project):
    rows = for_register(visible_deliverables(request.user, project))
    page = list_page(request, rows, sorts=SORTS, default="phase", filterset=DeliverableFilter)
    show_late(page.rows)
    context = {"project": project, "page": page, "can_edit": can_edit_deliverable(request.user, project)}
    name = "delivery/_deliverable_table.html" if request.htmx else "delivery/deliverable_list.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def show_late(rows):
    """Give each deliverable `is_late`, for the template to print."""
    today = timezone.localdate()
    for deliverable in rows:
        deliverable.is_late = deliverable.is_overdue(today)


@project_page(can_view_deliverable)
def deliverable_detail(request, project, number):
    return _show(request, project, visible_deliverable(request, project, number))


def _show(request, project, deliverable, **forms):
    user = request.user
    versions = list(deliverable.versions.select_related("uploaded_by", "review__reviewed_by").order_by("-number"))
    newest = versions[0] if versions else None
    moves = deliverables.moves_of(deliverable)
    can_work, can_review = can_upload_version(user, deliverable), can_review_deliverable(user, deliverable)
    show_late([deliverable])
    context: dict[str, Any] = {
        "project": project,
        "deliverable": deliverable,
        "versions": versions,
        "parts": sorted(deliverable.raci.all(), key=lambda entry: WEIGHT.index(entry.letter)),
        "newest": newest,
        "can_edit": can_edit_deliverable(user, deliverable),
        "can_upload": can_work and "draft" in moves,
        "can_submit": can_work and "submit" in moves and newest is not None and not hasattr(newest, "review"),
        "can_review": can_review and "approve" in moves and newest.uploaded_by_id != user.pk,
        "is_own": can_review and "approve" in moves and newest.uploaded_by_id == user.pk,
        "can_reopen": can_review and "reopen" in moves,
        "version_form": VersionForm(),
        "review_form": ReviewForm(initial={"version": newest.number if newest else None}),
        "reopen_form": ReopenDeliverableForm(),
    }
    return render(request, "delivery/deliverable_detail.html", context | forms)


@project_page(can_edit_deliverable)
def deliverable_add(request, project):
    phase = (
        project.phases.filter(number=request.GET["phase"]).first() if request.GET.get("phase", "").isdecimal() else None
    )
    form = DeliverableForm(request.POST or None, project=project, initial={"phase": phase})
    if request.method == "POST" and form.is_valid():
        deliverable = deliverables.create_deliverable(project, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(deliverable)s is in the register.") % {"deliverable": deliverable.code})
        return redirect(deliverable)
    return render(request, "delivery/deliverable_form.html", {"project": project, "form": form})


@project_page(can_edit_deliverable)
def deliverable_edit(request, project, number):
    deliverable = visible_deliverable(request, project, number)
    form = DeliverableForm(request.POST or None, instance=deliverable, project=project)
    if request.method == "POST" and form.is_valid():
        try:
            deliverables.edit_deliverable(deliverable.pk, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(deliverable)s was saved.") % {"deliverable": deliverable.code})
            return redirect(deliverable)
    present = visible_deliverable(request, project, number)
    context = {"project": project, "form": form, "deliverable": present}
    return render(request, "delivery/deliverable_form.html", context)


@project_page(can_edit_deliverable)
@require_POST
def deliverable_delete(request, project, number):
    deliverable = visible_deliverable(request, project, number)
    try:
        deliverables.delete_deliverable(deliverable.pk, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(deliverable)
    messages.success(request, _("%(deliverable)s is no longer in the register.") % {"deliverable": deliverable.code})
    return redirect("delivery:deliverable_list", project.key)


@project_page(can_view_deliverable)
def deliverable_template(request, project, number):
    """The headings to fill, as a text file to begin from."""
    deliverable = visible_deliverable(request, project, number)
    text = f"# {deliverable.title}\r\n\r\n{deliverable.template}\r\n"
    response = HttpResponse("\ufeff" + text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{deliverable.code}.md"'
    return response


@project_page(can_view_deliverable)
@require_POST
def version_upload(request, project, number):
    deliverable = visible_deliverable(request, project, number)
    if not can_upload_version(request.user, deliverable):
        raise PermissionDenied
    form = VersionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, project, deliverable, version_form=form)
    upload, note = form.cleaned_data["file"], form.cleaned_data["note"]
    try:
        version = deliverables.upload_version(deliverable.pk, upload, by=request.user, note=note)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Version %(number)s was uploaded.") % {"number": version.number})
    return redirect(deliverable)


@project_page(can_view_deliverable)
def version_download(request, project, number, version):
    deliverable = visible_deliverable(request, project, number)
    found = get_object_or_404(DeliverableVersion, deliverable=deliverable, number=version)
    return give_out(found.file, found.name, found.media_type)


@project_page(can_view_deliverable)
@require_POST
def deliverable_submit(request, project, number):
    deliverable = visible_deliverable(request, project, number)
    if not can_upload_version(request.user, deliverable):
        raise PermissionDenied
    return _done(
        request,
        deliverable,
        lambda: deliverables.submit(deliverable.pk, by=request.user),
        _("Submitted. Who reviews it has been told."),
    )


@project_page(can_view_deliverable)
@require_POST
def deliverable_review(request, project, number):
    """Approve the version, or return it: which one, the button says."""
    deliverable = visible_deliverable(request, project, number)
    if not can_review_deliverable(request.user, deliverable):
        raise PermissionDenied
    approves = request.POST.get("verdict") == "approve"
    form = (ReviewForm if approves else ReturnForm)(request.POST)
    if not form.is_valid():
        return _show(request, project, deliverable, review_form=form)
    decide = deliverables.approve if approves else deliverables.send_back
    return _done(
        request,
        deliverable,
        lambda: decide(deliverable.pk, by=request.user, **form.cleaned_data),
        _("Approved.") if approves else _("Returned. Its author has been told."),
    )


@project_page(can_view_deliverable)
@require_POST
def deliverable_reopen(request, project, number):
    deliverable = visible_deliverable(request, project, number)
    if not can_review_deliverable(request.user, deliverable):
        raise PermissionDenied
    form = ReopenDeliverableForm(request.POST)
    if not form.is_valid():
        return _show(request, project, deliverable, reopen_form=form)
    return _done(
        request,
        deliverable,
        lambda: deliverables.reopen(deliverable.pk, by=request.user, reason=form.cleaned_data["reason"]),
        _("Open again. Upload a new version."),
    )


def _done(request, deliverable, act, words):
    """Do it and go back to the page of the deliverable, with the words or the refusal."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect(deliverable)
