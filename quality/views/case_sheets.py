from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from common.errors import Refusal
from common.lists import ListPage, address
from projects.access import project_page
from projects.roles import visible_in
from quality.domain.results.refusals import UnreadableFile
from quality.domain.tables import exporting, importing
from quality.forms.case_sheets import SheetForm
from quality.forms.cases import CaseFilter
from quality.models import CaseSheet
from quality.permissions import can_edit_case, can_view_quality
from quality.views.cases import visible_cases
from quality.views.voiding import asks_before_voiding
from requirements.models import Requirement

PAGE_SIZE = 50


@project_page(can_view_quality)
def case_export(request, project, suffix):
    """The cases that the list shows under the same filter, as a file."""
    filters = CaseFilter(request.GET, queryset=visible_cases(request, project), request=request)
    found = filters.qs if filters.is_valid() else visible_cases(request, project)
    requirements = visible_in(Requirement.objects.all(), request.user, project)
    try:
        content, kind = exporting.export(found.order_by("number"), requirements, suffix)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("quality:case_list", project.key)
    except KeyError:
        raise Http404 from None
    response = StreamingHttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{project.key}-test-cases.{suffix}"'
    return response


@project_page(can_edit_case)
def case_import(request, project):
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            importing.keep_sheet(project, importing.read_table(file, file.name), by=request.user)
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("quality:case_import_preview", project.key)
    return render(request, "quality/case_import.html", {"project": project, "form": form, "can_edit": True})


@project_page(can_edit_case)
def case_import_preview(request, project):
    """What importing the kept table would do, case by case; nothing is written yet."""
    sheet = CaseSheet.objects.filter(project=project, owner=request.user).first()
    if sheet is None:
        return redirect("quality:case_import", project.key)
    plan = importing.plan_import(project, sheet.rows)
    shown = request.GET.get("show", "")
    lines = [line for line in plan.lines if line.action == shown or shown not in importing.ACTIONS]
    context = {"project": project, "sheet": sheet, "plan": plan, "page": _page(request, lines), "shown": shown}
    context["counts"] = [(name, words, plan.count(name)) for name, words in importing.ACTIONS.items()]
    return render(request, "quality/case_import_preview.html", context)


def _page(request, lines):
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    return ListPage(
        rows=list(page.object_list),
        total=page.paginator.count,
        first=page.start_index() if lines else 0,
        last=page.end_index() if lines else 0,
        sort="",
        query=request.GET,
        next_url=address(request.GET, page=str(page.next_page_number())) if page.has_next() else "",
        previous_url=address(request.GET, page=str(page.previous_page_number())) if page.has_previous() else "",
    )


@project_page(can_edit_case)
@require_POST
@asks_before_voiding
def case_import_apply(request, project):
    sheet = CaseSheet.objects.filter(project=project, owner=request.user).first()
    if sheet is None:  # imported by an earlier click
        return redirect("quality:case_list", project.key)
    try:
        plan = importing.import_sheet(sheet.pk, digest=request.POST.get("digest") or "none", by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("quality:case_import_preview", project.key)
    words = ngettext("%(count)s test case was written.", "%(count)s test cases were written.", plan.writes)
    messages.success(request, words % {"count": plan.writes})
    return redirect("quality:case_list", project.key)


@project_page(can_edit_case)
@require_POST
def case_import_discard(request, project):
    CaseSheet.objects.filter(project=project, owner=request.user).delete()
    messages.success(request, _("The file was put aside; nothing was written."))
    return redirect("quality:case_list", project.key)
