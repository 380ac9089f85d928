import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.enums import PictureState, ScanState

from .audience import Audienced


def stored_name(attachment, filename):
    """A name of our own making; what the uploader called the file is only a label."""
    return f"attachments/{attachment.project_id}/{uuid.uuid4().hex}"


def picture_name(attachment, filename):
    return f"pictures/{attachment.project_id}/{uuid.uuid4().hex}.webp"


GIVEN_OUT = [ScanState.CLEAN, ScanState.OFF]


class Attachment(Audienced):
    """A file on a requirement, task, test case, execution or defect, hashed when it was uploaded.

    `file` is what was uploaded, to the byte, until its time of keeping is over (projects.domain.retention): then it is
    empty, `removed_at` says since when, and the row stays with its hash. Of a picture, pages show `thumbnail` and
    `display`, which hold its pixels and nothing else: no place where it was taken, no camera. `picture_state` is
    written by projects.domain.pictures, `scan_state` by
    projects.domain.scanning. The database keeps the row and what it says of the file.
    """

    trail_excludes = frozenset({"thumbnail", "display", "picture_state"})  # made from the file, not by a person

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="attachments")
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    file = models.FileField(_("file"), upload_to=stored_name, max_length=200, blank=True)
    removed_at = models.DateTimeField(_("file removed at"), null=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    scan_state = models.CharField(
        _("virus scan"), max_length=10, choices=ScanState, default=ScanState.OFF, editable=False
    )
    scan_finding = models.CharField(_("what the scanner found"), max_length=200, blank=True, editable=False)
    picture_state = models.CharField(
        _("state of the picture"), max_length=10, choices=PictureState, default=PictureState.NONE, editable=False
    )
    thumbnail = models.FileField(_("small picture"), upload_to=picture_name, max_length=200, blank=True, editable=False)
    display = models.FileField(
        _("picture in pages"), upload_to=picture_name, max_length=200, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("attachment")
        ordering = ["uploaded_at", "pk"]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="projects_attachment_target"),
            models.Index(
                fields=["id"], condition=Q(scan_state=ScanState.WAITING), name="projects_attachment_unscanned"
            ),
            models.Index(
                fields=["id"], condition=Q(picture_state=PictureState.WAITING), name="projects_attachment_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="projects_attachment_has_file_until_removed",
                condition=(Q(removed_at=None) & ~Q(file="")) | Q(removed_at__isnull=False, file=""),
            ),
            models.CheckConstraint(
                name="projects_attachment_finding_matches_scan",
                condition=(Q(scan_state=ScanState.INFECTED) & ~Q(scan_finding=""))
                | (~Q(scan_state=ScanState.INFECTED) & Q(scan_finding="")),
            ),
            models.CheckConstraint(
                name="projects_attachment_pictures_match_state",
                condition=(Q(picture_state=PictureState.MADE) & ~Q(thumbnail="") & ~Q(display=""))
                | (~Q(picture_state=PictureState.MADE) & Q(thumbnail="", display="")),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("projects:attachment", args=[self.project.key, self.pk])

    @property
    def is_given_out(self) -> bool:
        """Whether its content may be fetched: it is there, and the scanner, if there is one, found nothing."""
        return bool(self.file) and self.scan_state in GIVEN_OUT

    @property
    def has_picture(self) -> bool:
        return self.picture_state == PictureState.MADE
