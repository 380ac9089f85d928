from django.utils.translation import gettext as _


class SealBroken(Exception):
    """The text of a mail was sealed under a key that is no longer known."""

    def __str__(self):
        return _("Its text cannot be read: the secret key was changed after it was written.")
