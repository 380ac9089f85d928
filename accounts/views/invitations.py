from django.contrib import messages
from django.contrib.auth import login
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.domain import invitations
from accounts.domain.errors import AlreadyJoined, InvitationExpired, InvitationUnknown, InvitationUsed
from accounts.forms import PasswordForm
from common.access import public_page

LINK = "the link's token is the key, and opening it changes nothing"


@public_page(LINK)
@sensitive_post_parameters("password")
@never_cache
def invitation(request, token):
    """GET shows the invitation, POST accepts it and signs the person in; the vendor's people set a password here."""
    try:
        invited = invitations.find(token)
        with override(invited.user.language):  # the invitation's language, before the person has any other
            return _answer(request, token, invited)
    except (InvitationUnknown, InvitationUsed, InvitationExpired) as refusal:
        return _closed(request, token, refusal)


def _answer(request, token, invited):
    invitations.check_open(invited)
    person = invited.user
    form = PasswordForm(request.POST or None, user=person) if person.is_of_vendor else None
    if request.method == "POST" and (form is None or form.is_valid()):
        person = invitations.accept(token, password=form.cleaned_data["password"] if form else None)
        login(request, person)
        messages.success(request, _("Welcome, %(person)s.") % {"person": person.name})
        return redirect("/")
    return render(request, "accounts/invitation.html", {"invitation": invited, "person": person, "form": form})


@public_page(LINK)
@require_POST
def invitation_renew(request, token):
    """Mail a new link to the invited address; the page shows none."""
    try:
        invitations.renew(token)
    except (InvitationUnknown, InvitationUsed, AlreadyJoined) as refusal:
        return _closed(request, token, refusal)
    return render(request, "accounts/invitation_renewed.html")


def _closed(request, token, refusal):
    """A link that cannot be accepted: why, and how to get in all the same."""
    context = {"reason": str(refusal), "token": token, "is_expired": isinstance(refusal, InvitationExpired)}
    return render(request, "accounts/invitation_closed.html", context, status=410)
