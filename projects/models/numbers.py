from django.db import models


class NumberSeries(models.Model):
    """The last number given out to one kind of thing in a project. Written only by projects.domain.numbers."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="number_series")
    kind = models.CharField(max_length=60)
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="projects_numberseries_one_per_kind"),
        ]

    def __str__(self):
        return f"{self.kind} {self.last}"
