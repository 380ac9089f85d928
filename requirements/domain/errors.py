from django.utils.translation import gettext_lazy as _

from common.errors import Refusal


class MoveNotAllowed(Refusal):
    message = _("%(object)s is “%(state)s”: this step is not possible from there.")

    @classmethod
    def of(cls, obj) -> "MoveNotAllowed":
        return cls(object=obj.code, state=obj.get_state_display())


class ScopeIsSigned(Refusal):
    message = _(
        "%(baseline)s is signed by both sides, so its requirements and objectives cannot be changed. "
        "The project manager can reopen it, with a reason."
    )


class BaselineIsOpen(Refusal):
    """The change is possible, but it ends the baseline that is frozen or out for signature: the person must say so."""

    message = _("%(baseline)s is frozen: saving this discards it. Confirm that this is what you want.")


class RequestIsOpen(BaselineIsOpen):
    message = _(
        "%(baseline)s is out for signature: saving this voids the open request, and both sides are told. "
        "Confirm that this is what you want."
    )


class AnotherBaselineStands(Refusal):
    message = _("%(baseline)s is “%(state)s”: there can be no other baseline beside it.")


class NotReadyToFreeze(Refusal):
    message = _("The requirements cannot be frozen yet: %(missing)s")


class SharingNotConfirmed(Refusal):
    message = _("%(codes)s are seen by the team only. Freezing shares them with the customer: confirm that first.")


class WasBaselined(Refusal):
    message = _("%(requirement)s is part of a baseline and cannot be deleted. Withdraw it instead.")


class EditedMeanwhile(Refusal):
    message = _("%(object)s was changed by someone else while you were editing it. Compare, and save again.")


class ReasonMissing(Refusal):
    message = _("Give a reason.")


class ChangedSinceFrozen(Refusal):
    message = _(
        "%(baseline)s no longer says what the project says now. Discard it and freeze anew. Changed: %(changes)s"
    )


class NotPrintable(Refusal):
    message = _("%(baseline)s cannot be printed as it was written: %(fault)s")
