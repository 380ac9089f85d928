from django.utils.translation import gettext_lazy as _

from common.errors import Refusal


class MoveNotAllowed(Refusal):
    """A project or phase is not in a state from which this move starts."""

    message = _("“%(name)s” is “%(state)s” now, so this is not possible.")


class ChecklistOpen(Refusal):
    message = _("“%(name)s” cannot be finished: %(open)s check-list items are not ticked.")


class GateNotPassed(Refusal):
    message = _("“%(name)s” opens through the gate of “%(before)s”, and that is not passed yet.")


class GateChecksOpen(Refusal):
    message = _("A gate is passed with its check-list done: %(open)s items are open. Pass it with actions instead.")


class VerdictDoesNotFit(Refusal):
    """The verdict and the findings contradict each other."""


class PassedHasActions(VerdictDoesNotFit):
    message = _("There are actions to be done: the verdict is “passed with actions”, or “not passed”.")


class ActionMissing(VerdictDoesNotFit):
    message = _("“Passed with actions” names at least one action with its owner and date.")


class FindingMissing(VerdictDoesNotFit):
    message = _("“Not passed” names at least one finding, so that everybody knows what is missing.")


class ReviewInFuture(Refusal):
    message = _("A gate review is recorded when it has been held, not before.")


class ActionAlreadyDone(Refusal):
    message = _("%(person)s has said already that this is done.")


class NoParticipants(Refusal):
    message = _("A gate review names at least one person who took part.")


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


class ExportUnderWay(Refusal):
    message = _("An export of this kind is being made already.")


class HoldStands(Refusal):
    message = _("A legal hold stands already.")


class NoHold(Refusal):
    message = _("No legal hold stands.")


class ImageTooLarge(Refusal):
    message = _("The picture “%(name)s” is too large: at most %(limit)s million pixels.")


class FileOfHiddenThing(Refusal):
    message = _("“%(file)s” hangs on “%(thing)s”. Share that first: the file is opened from there.")


class CannotBeShared(Refusal):
    message = _("“%(thing)s” cannot be shared for an audit.")
