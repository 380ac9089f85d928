from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A person's own key to the API. It is shown once; only its hash is kept."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    trail_excludes = frozenset({"token_hash", "last_used_at"})

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.name
