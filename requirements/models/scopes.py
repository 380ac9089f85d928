from django.db import models


class Scope(models.Model):
    """The row, one per project, that a change of the scope locks. It holds nothing."""

    project = models.OneToOneField("projects.Project", on_delete=models.PROTECT, related_name="scope")

    def __str__(self):
        return str(self.project)
