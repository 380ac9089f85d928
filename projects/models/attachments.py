import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from .audience import Audienced


def stored_name(attachment, filename):
    """A name of our own making; what the uploader called the file is only a label."""
    return f"attachments/{attachment.project_id}/{uuid.uuid4().hex}"


class Attachment(Audienced):
    """A file on a requirement, task, test case, execution or defect, hashed when it was uploaded."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="attachments")
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    file = models.FileField(_("file"), upload_to=stored_name, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("attachment")
        ordering = ["uploaded_at", "pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="projects_attachment_target")]

    def __str__(self):
        return self.name
