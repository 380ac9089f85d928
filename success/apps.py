from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuccessConfig(AppConfig):
    name = "success"
    verbose_name = _("Success")

    def ready(self):
        from projects.sections import register_sections
        from quality.sources import register
        from success.domain.acceptance import AVAILABILITY
        from success.exports import SECTIONS

        register(AVAILABILITY)
        register_sections(*SECTIONS)
