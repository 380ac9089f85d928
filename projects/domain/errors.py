from django.utils.translation import gettext_lazy as _

from common.errors import Refusal


class MoveNotAllowed(Refusal):
    """A project or phase is not in a state from which this move starts."""

    message = _("“%(name)s” is “%(state)s” now, so this is not possible.")


class ChecklistOpen(Refusal):
    message = _("“%(name)s” cannot be finished: %(open)s check-list items are not ticked.")


class GoLiveTooSoon(Refusal):
    message = _("From the start to go-live this playbook needs at least %(days)s days.")


class UnknownPlaybook(Refusal):
    message = _("There is no playbook “%(code)s”.")


class KeyTaken(Refusal):
    message = _("The key “%(key)s” belongs to another project.")


class NotACustomer(Refusal):
    message = _("“%(name)s” is not a customer.")


class RoleDoesNotFit(Refusal):
    message = _("“%(role)s” is no role for people of %(organisation)s in this project.")


class NoRole(Refusal):
    message = _("A member has at least one role.")


class NotAMember(Refusal):
    message = _("%(person)s is not in this project.")


class LastProjectManager(Refusal):
    message = _("%(person)s is the last project manager. Name another one first.")


class TargetNotVisible(Refusal):
    message = _("What you want to comment on does not exist, or not for you.")


class FileTooLarge(Refusal):
    message = _("“%(name)s” is too large: at most %(limit)s MB.")


class FileEmpty(Refusal):
    message = _("“%(name)s” is empty.")


class FileNameNotAllowed(Refusal):
    message = _("The name of the file holds characters that hide what it is. Rename it and try again.")


class FileTypeNotAllowed(Refusal):
    message = _("“%(name)s” is not of a type that can be attached. Allowed are %(allowed)s.")


class FileTypeMismatch(Refusal):
    message = _("“%(name)s” is not what its name says: its content is %(type)s.")


class ImageTooLarge(Refusal):
    message = _("The picture “%(name)s” is too large: at most %(limit)s million pixels.")
