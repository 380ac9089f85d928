from django.db import models


class SigningLink(models.Model):
    """A mailed link to one signer's page. Only the hash of its token (256 random bits) is kept."""

    signer = models.ForeignKey("signing.Signer", on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.signer_id} {self.created_at:%Y-%m-%d %H:%M}"
