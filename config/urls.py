from django.urls import include, path
from django.views.generic import RedirectView

handler500 = "common.views.server_error"

urlpatterns = [
    path("", include("cockpit.urls")),
    path("", include("notices.urls")),
    path("", include("accounts.urls")),
    path("", include("projects.urls")),
    path("", include("signing.urls")),
    path("", include("requirements.urls")),
    path("", include("delivery.urls")),
    path("", include("quality.urls")),
    path("", include("success.urls")),
    # An address is what a person is known by when they sign: an administrator changes it, nobody alone.
    path("accounts/email/", RedirectView.as_view(pattern_name="accounts:preferences"), name="account_email_closed"),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", include("config.api_urls")),
]
