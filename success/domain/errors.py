from django.utils.translation import gettext_lazy as _

from common.errors import Refusal


class BadFile(Refusal):
    """A file that is no file of checks. `row` counts as a spreadsheet does, the header being 1; 0 is the whole file."""

    message = _("Row %(row)s: %(reason)s Nothing was imported.")
    message_of_the_whole = _("%(reason)s Nothing was imported.")

    def __init__(self, reason, *, row: int = 0):
        super().__init__(row=row, reason=reason)
        if not row:
            self.message = self.message_of_the_whole


class MoveNotAllowed(Refusal):
    message = _("%(report)s is “%(state)s” now, so this can no longer be done.")


class AlreadyAcknowledged(Refusal):
    message = _("%(person)s has acknowledged this report already.")


class NotLive(Refusal):
    message = _("%(system)s was not live in %(month)s, so there is nothing to report.")


class MonthNotClosed(Refusal):
    message = _("%(month)s is not over yet.")


class SystemNameTaken(Refusal):
    message = _("The project has a system “%(name)s” already.")
