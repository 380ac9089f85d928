from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {  # how the trail words what this app does
    "share": _("shared with the customer"),
    "withdraw": _("withdrew"),
    "restore": _("restored"),
    "freeze": _("froze"),
    "release": _("made a draft again"),
    "discard": _("discarded"),
    "send": _("sent for signature"),
    "return": _("got back unsigned"),
    "sign": _("signed"),
}


class RequirementsConfig(AppConfig):
    name = "requirements"
    verbose_name = _("Requirements")

    def ready(self) -> None:
        from audit.domain.words import register_verbs
        from projects.parts import register_part
        from projects.roles import visible_in
        from projects.sections import register_sections
        from projects.shareable import Shareable, register_shareable
        from projects.targets import register_target
        from requirements import kinds
        from requirements.domain import playbook
        from requirements.exports import SECTIONS
        from requirements.models import Baseline, Objective, Requirement
        from signing.kinds import register

        register_verbs(VERBS)
        register_part("objectives", playbook.make_objectives)
        register_part("requirements", playbook.make_requirements)
        register_target(
            Requirement,
            lambda user, project: visible_in(Requirement.objects.all(), user, project),
            concerns=("created_by",),
        )
        register(kinds.SRS)
        register_sections(*SECTIONS)
        register_shareable(Shareable(Objective, _("Objectives"), ("title",)))
        register_shareable(Shareable(Requirement, _("Requirements"), ("title",)))
        register_shareable(Shareable(Baseline, _("Baselines")))
