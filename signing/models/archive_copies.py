from django.db import models
from django.utils.translation import gettext_lazy as _


class ArchiveCopy(models.Model):
    """A sealed file with one more time stamp over all of it, put on before the ones in it grow old. Append-only.

    The sealed file stays as it is: whoever holds it holds the document. The copy proves it for longer.
    """

    sealed_file = models.ForeignKey(
        "signing.SealedFile", on_delete=models.PROTECT, related_name="archive_copies", verbose_name=_("sealed file")
    )
    number = models.PositiveSmallIntegerField()  # from 1; each is made of the one before
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    stamped_at = models.DateTimeField(_("stamped at"))
    time_source = models.CharField(max_length=300)
    field = models.CharField(_("signature field"), max_length=40)  # of the new time stamp
    trusted_pem = models.TextField()  # every root that a signature or time stamp in it is checked against

    class Meta:
        ordering = ["sealed_file", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sealed_file", "number"], name="signing_archivecopy_number_is_unique"),
        ]

    def __str__(self):
        return self.file
