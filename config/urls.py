from django.urls import include, path

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
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", include("config.api_urls")),
]
