from django.utils.translation import gettext_lazy as _

from common.errors import Refusal


class TaskChangedMeanwhile(Refusal):
    message = _(
        "%(task)s was changed by someone else while you were editing. Look at the present values and save again."
    )


class OwnerNotInProject(Refusal):
    message = _("%(person)s is not in the team of this project. Add them on the Team page first.")


class ForeignPhaseOrRequirement(Refusal):
    message = _("Phase and requirements must belong to the project of the task.")
