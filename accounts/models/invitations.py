from django.db import models


class InvitationQuerySet(models.QuerySet):
    def open(self, now):
        return self.filter(accepted_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """A mailed link by which an invited person first signs in. Only the hash of its token is kept."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="invitations")
    invited_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    trail_excludes = frozenset({"token_hash"})
    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.user} {self.created_at:%Y-%m-%d}"
