from django.conf import settings
from django.db import models


class Chain(models.Model):
    """The head of one hash chain: one per project ("project:7") and one for the rest ("house").

    Written only by audit.domain.trail, which locks it to append.
    """

    name = models.CharField(max_length=40, unique=True)
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    def __str__(self):
        return self.name


class Entry(models.Model):
    """One line of the trail. Written only by audit.domain.trail; triggers refuse update and delete."""

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)  # field -> [before, after]
    facts = models.JSONField(default=dict)  # what else the step decided: a reason, a hash, a count
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "number"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_entry_object")]
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="audit_entry_number_is_unique"),
        ]

    def __str__(self):
        return f"{self.chain_id}/{self.number} {self.action}"

    def save(self, *args, **kwargs):
        raise TypeError("An entry is written by audit.domain.trail and never changed.")

    def delete(self, *args, **kwargs):
        raise TypeError("An entry is never deleted.")
