from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {  # how the trail words what this app does
    "set_retention": _("said how long files are kept"),
    "hold": _("placed under legal hold"),
    "lift": _("lifted the legal hold"),
    "export": _("exported"),
    "quarantine": _("put into quarantine"),
    "remove": _("removed when its time was over"),
}


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects")

    def ready(self):
        from audit.domain.words import register_verbs
        from projects.domain.gates import checklist_facts
        from projects.enums import PhaseItemKind
        from projects.exports import SECTIONS
        from projects.gate_facts import register_gate_facts
        from projects.models import Attachment, GateReview, Phase, PhaseItem
        from projects.roles import visible_in
        from projects.sections import register_sections
        from projects.shareable import Shareable, register_shareable
        from projects.targets import register_target

        checks = PhaseItem.objects.filter(kind=PhaseItemKind.CHECK)
        register_target(Phase, lambda user, project: project.phases.all())
        register_target(PhaseItem, lambda user, project: checks.filter(phase__project=project), lookup="pk")
        register_target(
            GateReview,
            lambda user, project: visible_in(GateReview.objects.all(), user, project),
            concerns=("recorded_by",),
        )
        register_gate_facts(checklist_facts)
        register_sections(*SECTIONS)
        register_verbs(VERBS)
        register_shareable(Shareable(Attachment, _("Files"), ("name",)))
        register_shareable(Shareable(GateReview, _("Gate reviews"), ("phase__name",), ("phase",)))
