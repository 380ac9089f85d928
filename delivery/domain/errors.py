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


class DeliverableMoveNotAllowed(Refusal):
    message = _("%(deliverable)s is “%(state)s”; that step is not open to it.")


class VersionMissing(Refusal):
    message = _("%(deliverable)s has no new version to review. Upload one first.")


class OwnVersion(Refusal):
    message = _("You uploaded this version yourself. Somebody else must review it.")


class ReviewedMeanwhile(Refusal):
    message = _("%(deliverable)s is in review with version %(version)s now. Read that version before you decide.")


class DeliverableInUse(Refusal):
    message = _("%(deliverable)s has versions, comments or files and stays in the register.")


class ForeignPhase(Refusal):
    message = _("The phase must belong to the project of the deliverable.")


class CustomerHasPart(Refusal):
    message = _(
        "%(person)s of the customer has a part in %(deliverable)s. Take that out of the RACI matrix before you hide it."
    )


class PersonDoesNotSee(Refusal):
    message = _("%(person)s cannot see %(deliverable)s. Share it with the customer first.")


class PersonNotInProject(Refusal):
    message = _("%(person)s is not in the team of this project. Add them on the Team page first.")


class TwoAccountable(Refusal):
    message = _("%(deliverable)s has two accountable people: %(first)s and %(second)s. One answers for it.")


class MatrixChangedMeanwhile(Refusal):
    message = _("Somebody else changed the matrix while you had it open. Look at the present letters and save again.")
