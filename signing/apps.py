from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from signing.checks import check_seal_image

register(check_seal_image)


class SigningConfig(AppConfig):
    name = "signing"
    verbose_name = _("Signing")

    def ready(self):
        from django.db.models import Q

        from projects.sections import register_sections
        from projects.shareable import Shareable, register_shareable
        from signing.enums import BINDING
        from signing.exports import SECTIONS
        from signing.models import SignatureRequest

        register_sections(*SECTIONS)
        register_shareable(
            Shareable(
                SignatureRequest,
                _("Signed documents"),
                ("number", "title"),
                deferred=("manifest", "body_html"),
                only=Q(state__in=BINDING),
            )
        )
