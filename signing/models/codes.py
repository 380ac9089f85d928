from django.db import models


class SigningCode(models.Model):
    """A one-time code mailed to a signer; kept as a keyed hash, tried at most five times, used once."""

    signer = models.ForeignKey("signing.Signer", on_delete=models.PROTECT, related_name="codes")
    code_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.signer_id} {self.created_at:%Y-%m-%d %H:%M}"


class FailedAttempt(models.Model):
    """A wrong code, counted by the address it came from, whichever signer it was meant for."""

    signer = models.ForeignKey("signing.Signer", on_delete=models.PROTECT, related_name="failed_attempts")
    address = models.GenericIPAddressField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["address", "at"], name="signing_failedattempt_address")]

    def __str__(self):
        return f"{self.address} {self.at:%Y-%m-%d %H:%M}"
