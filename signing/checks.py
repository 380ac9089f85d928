from django.core.checks import Error

from signing.domain import company_seal


def check_seal_image(app_configs, **kwargs):
    """A seal that cannot be printed would hold up every document: say so at the start."""
    try:
        company_seal.image_uri()
    except ValueError as error:
        return [Error(f"SIGNING_SEAL_IMAGE: {error}", id="signing.E001")]
    return []
