from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from signing.checks import check_seal_image

register(check_seal_image)


class SigningConfig(AppConfig):
    name = "signing"
    verbose_name = _("Signing")

    def ready(self):
        from projects.sections import register_sections
        from signing.exports import SECTIONS

        register_sections(*SECTIONS)
