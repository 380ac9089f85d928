from django.utils.translation import gettext_lazy as _

from common.errors import Refusal


class PersonDeactivated(Refusal):
    message = _("%(person)s is deactivated. An administrator can reactivate them.")


class AddressOfAnotherOrganisation(Refusal):
    message = _("%(email)s already belongs to a person of another organisation.")


class AddressTaken(Refusal):
    message = _("%(email)s already belongs to a person of this installation.")


class AlreadyJoined(Refusal):
    message = _("%(person)s has signed in before and needs no invitation.")


class OwnAccount(Refusal):
    message = _("You cannot deactivate your own account.")


class LastAdministrator(Refusal):
    message = _("%(person)s is the last administrator. Name another one first.")


class InvitationUnknown(Refusal):
    message = _("This link is not one of ours, or a newer one was sent after it.")


class InvitationUsed(Refusal):
    message = _("This invitation was accepted before.")


class InvitationExpired(Refusal):
    message = _("This invitation has expired.")


class TooManyCodes(Refusal):
    message = _(
        "A code was asked for %(limit)s times within 15 minutes for this address. Use the newest one, or wait a little."
    )
