from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {  # how the trail words what this app does
    "approve": _("approved"),
    "raci": _("changed the RACI matrix"),
    "upload": _("uploaded"),
}


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = _("Delivery")

    def ready(self):
        from audit.domain.words import register_verbs
        from delivery.domain.gate_facts import deliverable_facts, task_facts
        from delivery.domain.playbook_part import create_deliverables, create_tasks
        from delivery.domain.queries import visible_deliverables
        from delivery.exports import SECTIONS
        from delivery.models import Deliverable, Task
        from projects.gate_facts import register_gate_facts
        from projects.parts import register_part
        from projects.roles import visible_in
        from projects.sections import register_sections
        from projects.shareable import Shareable, register_shareable
        from projects.targets import register_target

        register_verbs(VERBS)
        register_part("tasks", create_tasks)
        register_part("deliverables", create_deliverables)
        register_target(Task, lambda user, project: visible_in(Task.objects.all(), user, project), concerns=("owner",))
        register_target(Deliverable, visible_deliverables, concerns=("accountable",))
        register_gate_facts(task_facts)
        register_sections(*SECTIONS)
        register_gate_facts(deliverable_facts)
        register_shareable(Shareable(Task, _("Tasks"), ("title",)))
        register_shareable(Shareable(Deliverable, _("Deliverables"), ("title",)))
