from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditAccess(models.Model):
    """What the people of one audit see of a project, while `is_open`: what is on its list, and what is shared for
    every audit. Written only by projects.domain.sharing."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="audit_accesses")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="audit_accesses")
    is_open = models.BooleanField(_("open to its auditors"), default=False)

    def __str__(self):
        return f"{self.project_id}/{self.pk}"


class SharedItem(models.Model):
    """One object on the list of one audit."""

    access = models.ForeignKey(
        AuditAccess, on_delete=models.CASCADE, related_name="items", verbose_name=_("what its people see")
    )
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("shared by")
    )
    shared_at = models.DateTimeField(_("shared"), auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["access", "content_type", "object_id"], name="projects_shareditem_once_per_audit"
            ),
        ]

    def __str__(self):
        return f"{self.content_type_id}:{self.object_id}"
