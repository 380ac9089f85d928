from django.db import models


class SealedFile(models.Model):
    """The record of the one sealed PDF of a request: what verification compares a file with. Append-only."""

    request = models.OneToOneField("signing.SignatureRequest", on_delete=models.PROTECT, related_name="sealed_file")
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()
    level = models.CharField(max_length=10)  # PAdES B-B or B-T
    time_source = models.CharField(max_length=300)  # "server clock", or the address of the time-stamp authority
    fields = models.JSONField()  # names of the signature fields, in the order in which they were signed
    certificate_sha256 = models.CharField(max_length=64)
    trusted_pem = models.TextField()  # roots the signatures (and time stamps) are checked against
    versions = models.JSONField()  # of the software that made it

    class Meta:
        ordering = ["-sealed_at"]

    def __str__(self):
        return self.file
