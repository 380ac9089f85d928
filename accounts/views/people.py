import django_filters
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.domain import invitations, people
from accounts.domain.errors import LastAdministrator
from accounts.enums import OrganisationKind
from accounts.forms import InviteForm, PersonForm, SearchInput
from accounts.models import User
from accounts.permissions import can_manage_people, can_view_people
from common.access import person_page
from common.errors import Refusal
from common.lists import list_page


class PersonFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=gettext_lazy("Search"), widget=SearchInput)
    kind = django_filters.ChoiceFilter(
        field_name="organisation__kind",
        choices=OrganisationKind.choices,
        label=gettext_lazy("Kind"),
        empty_label=gettext_lazy("All kinds"),
    )
    is_active = django_filters.ChoiceFilter(
        choices=[("true", gettext_lazy("Active")), ("false", gettext_lazy("Deactivated"))],
        method="by_state",
        label=gettext_lazy("State"),
        empty_label=gettext_lazy("All states"),
    )

    class Meta:
        model = User
        fields = ["q", "kind", "is_active"]

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(name__icontains=value) | Q(email__icontains=value) | Q(organisation__name__icontains=value)
        )

    def by_state(self, queryset, name, value):
        return queryset.filter(is_active=value == "true")


@person_page(can_view_people)
def person_list(request):
    page = list_page(
        request,
        User.objects.all(),
        sorts={
            "name": ("name", "pk"),
            "email": "email",
            "organisation": ("organisation__name", "name", "pk"),
            "last_login": ("last_login", "pk"),
        },
        default="name",
        filterset=PersonFilter,
    )
    context = {"page": page, "can_manage": can_manage_people(request.user)}
    fragment = request.htmx and not request.htmx.boosted
    response = render(request, "accounts/_person_table.html" if fragment else "accounts/person_list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@person_page(can_manage_people)
def person_invite(request):
    initial = {"organisation": request.GET.get("organisation"), "language": request.user.language}
    form = InviteForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            person = people.invite(**form.cleaned_data, by=request.user)
        except Refusal as refusal:
            form.add_error("email", str(refusal))
        else:
            if person.last_login:
                messages.info(request, _("%(person)s is already here and can sign in.") % {"person": person.name})
            else:
                messages.success(request, _("An invitation to %(email)s is on its way.") % {"email": person.email})
            return redirect("accounts:person_list")
    return render(request, "accounts/person_invite.html", {"form": form})


@person_page(can_manage_people)
def person_edit(request, pk):
    person = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST or None, instance=person)
    if form.is_valid():
        try:
            people.edit(form.instance, by=request.user)
        except LastAdministrator as refusal:
            form.add_error("is_administrator", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:person_list")
    stored = User.objects.get(pk=pk)  # the heading names the person as stored, not as typed
    return render(request, "accounts/person_edit.html", {"form": form, "person": stored})


@person_page(can_manage_people)
@require_POST
def person_deactivate(request, pk):
    get_object_or_404(User, pk=pk)
    return _step(request, pk, people.deactivate, _("%(person)s is deactivated. What they did stays."))


@person_page(can_manage_people)
@require_POST
def person_reactivate(request, pk):
    get_object_or_404(User, pk=pk)
    return _step(request, pk, people.reactivate, _("%(person)s can sign in again."))


@person_page(can_manage_people)
@require_POST
def person_invite_again(request, pk):
    person = get_object_or_404(User, pk=pk)
    try:
        invitations.send(person, by=request.user)
        messages.success(request, _("An invitation to %(email)s is on its way.") % {"email": person.email})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("accounts:person_edit", pk)


def _step(request, pk, step, done):
    try:
        person = step(pk, by=request.user)
        messages.success(request, done % {"person": person.name})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("accounts:person_edit", pk)
