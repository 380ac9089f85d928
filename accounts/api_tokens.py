from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from accounts.domain import api_tokens


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer lf_…`, a personal token made on the preferences page."""

    keyword = "Bearer"

    def authenticate(self, request):
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != self.keyword.lower().encode():
            return None
        user = api_tokens.person_of(words[1].decode("latin-1")) if len(words) == 2 else None
        if user is None:
            raise AuthenticationFailed(_("This token is unknown, revoked or expired."))
        return user, None

    def authenticate_header(self, request):
        return self.keyword


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer"}
