from django.db import models


class CodeRequest(models.Model):
    """One request for a sign-in code, whether or not the address is known. Written by accounts.domain.code_requests."""

    address = models.EmailField(max_length=254)
    requested_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "requested_at"], name="accounts_coderequest_recent")]

    def __str__(self):
        return f"{self.address} {self.requested_at:%Y-%m-%d %H:%M}"
