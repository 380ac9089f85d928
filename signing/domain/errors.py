from django.utils.translation import gettext_lazy as _

from common.errors import Refusal


class SigningRefusal(Refusal):
    """Signing says no."""


class AlreadyOpen(SigningRefusal):
    message = _("%(label)s is already waiting for signatures. Void it first, then send it anew.")


class NotASigner(SigningRefusal):
    message = _("%(name)s may not sign this kind of document in this project.")


class NoSigners(SigningRefusal):
    message = _("Choose at least one person of each side to sign.")


class MoveNotAllowed(SigningRefusal):
    message = _("%(label)s is “%(state)s” now: this can no longer be done.")


class NotYourTurn(SigningRefusal):
    message = _("The others before you have not signed yet. You will be told by e-mail when it is your turn.")


class AlreadySigned(SigningRefusal):
    message = _("You have already signed %(label)s.")


class NotADelegate(SigningRefusal):
    message = _("%(name)s cannot be named: they are not of your company in this project, or are asked to sign already.")


class DelegateDoesNotDelegate(SigningRefusal):
    message = _("You were named to sign in somebody else’s place: you cannot name another person.")


class DelegationOver(SigningRefusal):
    message = _("The time in which you could sign for %(name)s is over.")


class DelegatedAway(SigningRefusal):
    message = _("You have named %(name)s to sign in your place.")


class LetterMissing(SigningRefusal):
    message = _(
        "The authority register does not name %(name)s for this kind of document: add a letter of authorisation."
    )


class TimeNotWithinRequest(SigningRefusal):
    message = _("The delegation must end after now, and not after the day by which the document must be signed.")


class ReasonMissing(SigningRefusal):
    message = _("Say why: the reason is kept with the document.")


class ConsentMissing(SigningRefusal):
    message = _("Agree to sign electronically first.")


class DrawingRefused(SigningRefusal):
    message = _("This drawing is too small or a single line. Please draw your signature, or type your name instead.")


class CodeWrong(SigningRefusal):
    message = _("This code is not right. Attempts left: %(left)s.")


class CodeLocked(SigningRefusal):
    message = _("Five wrong codes: this code is locked. Ask for a new one.")


class CodeExpired(SigningRefusal):
    message = _("This code has expired or was used. Ask for a new one.")


class TooManyAttempts(SigningRefusal):
    message = _("Too many wrong codes came from your network. Try again in an hour.")


class TooManyCodes(SigningRefusal):
    message = _("Several codes were sent within the hour. Use the latest, or try again later.")


class AlreadyValid(SigningRefusal):
    message = _("%(name)s already has this authority until %(until)s.")


class NotSignedYet(SigningRefusal):
    message = _("%(label)s is not signed by everyone yet: auditors are shown signed documents only.")
