import django_filters
from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import OrganisationKind
from accounts.forms import OrganisationForm, SearchInput
from accounts.models import Organisation
from accounts.permissions import can_manage_people, can_view_people
from audit.domain import trail
from common.access import person_page
from common.lists import list_page


class OrganisationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        field_name="name", lookup_expr="icontains", label=gettext_lazy("Search"), widget=SearchInput
    )
    kind = django_filters.ChoiceFilter(
        choices=OrganisationKind.choices, label=gettext_lazy("Kind"), empty_label=gettext_lazy("All kinds")
    )

    class Meta:
        model = Organisation
        fields = ["q", "kind"]


@person_page(can_view_people)
def organisation_list(request):
    page = list_page(
        request,
        Organisation.objects.annotate(active_people=Count("people", filter=Q(people__is_active=True))),
        sorts={"name": "name", "kind": ("kind", "name"), "people": ("active_people", "name")},
        default="name",
        filterset=OrganisationFilter,
    )
    context = {"page": page, "can_manage": can_manage_people(request.user)}
    fragment = request.htmx and not request.htmx.boosted
    name = "accounts/_organisation_table.html" if fragment else "accounts/organisation_list.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@person_page(can_manage_people)
def organisation_create(request):
    return _edit(request, Organisation(kind=OrganisationKind.CUSTOMER))


@person_page(can_manage_people)
def organisation_edit(request, pk):
    return _edit(request, get_object_or_404(Organisation, pk=pk))


def _edit(request, organisation):
    form = OrganisationForm(request.POST or None, instance=organisation)
    if form.is_valid():
        trail.save(form.instance, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("accounts:organisation_list")
    stored = Organisation.objects.filter(pk=organisation.pk).first()
    return render(request, "accounts/organisation_edit.html", {"form": form, "organisation": stored})
