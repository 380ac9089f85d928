from django import template
from django.conf import settings

from cockpit.domain.demo.people import sign_ins

register = template.Library()


@register.simple_tag
def demo_sign_ins():
    """The people a visitor of the demo may sign in as; nobody where this is no demo."""
    return sign_ins() if settings.LANDFALL_DEMO else []
