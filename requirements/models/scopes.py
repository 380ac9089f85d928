from django.db import models


class Scope(models.Model):
    """What a project numbers, one row each: the counters, and the row that a change of the scope locks.

    Numbers are given once; a deleted requirement's number is not used again.
    """

    project = models.OneToOneField("projects.Project", on_delete=models.PROTECT, related_name="scope")
    last_objective = models.PositiveIntegerField(default=0)
    last_requirement = models.PositiveIntegerField(default=0)
    last_baseline = models.PositiveIntegerField(default=0)

    def __str__(self):
        return str(self.project)
