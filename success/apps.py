from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuccessConfig(AppConfig):
    name = "success"
    verbose_name = _("Success")

    def ready(self):
        from quality.sources import register
        from success.domain.acceptance import AVAILABILITY

        register(AVAILABILITY)
