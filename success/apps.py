from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuccessConfig(AppConfig):
    name = "success"
    verbose_name = _("Success")

    def ready(self):
        from django.db.models import Q

        from projects.sections import register_sections
        from projects.shareable import Shareable, register_shareable
        from quality.sources import register
        from success.domain.acceptance import AVAILABILITY
        from success.enums import ReportState
        from success.exports import SECTIONS
        from success.models import HealthReport, MonitoredSystem

        register(AVAILABILITY)
        register_sections(*SECTIONS)
        published = Q(state=ReportState.PUBLISHED)
        register_shareable(Shareable(MonitoredSystem, _("Monitored systems"), ("name",)))
        register_shareable(
            Shareable(HealthReport, _("Health reports"), ("month",), ("system",), ("figures",), only=published)
        )
