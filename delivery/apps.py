from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = _("Delivery")

    def ready(self):
        from delivery.domain.gate_facts import task_facts
        from delivery.domain.playbook_part import create_tasks
        from delivery.exports import SECTIONS
        from delivery.models import Task
        from projects.gate_facts import register_gate_facts
        from projects.parts import register_part
        from projects.roles import visible_in
        from projects.sections import register_sections
        from projects.targets import register_target

        register_part("tasks", create_tasks)
        register_target(Task, lambda user, project: visible_in(Task.objects.all(), user, project), concerns=("owner",))
        register_gate_facts(task_facts)
        register_sections(*SECTIONS)
