from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequirementsConfig(AppConfig):
    name = "requirements"
    verbose_name = _("Requirements")

    def ready(self) -> None:
        from projects.parts import register_part
        from requirements import kinds
        from requirements.domain import playbook
        from signing.kinds import register

        register_part("objectives", playbook.make_objectives)
        register_part("requirements", playbook.make_requirements)
        register(kinds.SRS)
