from django.utils.translation import gettext_lazy as _

from common.errors import Refusal


class MoveNotAllowed(Refusal):
    """A project or phase is not in a state from which this move starts."""

    message = _("“%(name)s” is “%(state)s” now, so this is not possible.")


class GoLiveTooSoon(Refusal):
    message = _("From the start to go-live this playbook needs at least %(days)s days.")


class UnknownPlaybook(Refusal):
    message = _("There is no playbook “%(code)s”.")


class KeyTaken(Refusal):
    message = _("The key “%(key)s” belongs to another project.")


class NotACustomer(Refusal):
    message = _("“%(name)s” is not a customer.")
