from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = _("Delivery")

    def ready(self):
        from delivery.domain.playbook_part import create_tasks
        from projects.parts import register_part

        register_part("tasks", create_tasks)
