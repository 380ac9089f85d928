"""The API's routes: every app with an api.py registers its own."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import DefaultRouter

APPS = ("accounts", "notices", "projects", "signing", "requirements", "delivery", "quality", "success", "cockpit")

router = DefaultRouter()
router.include_root_view = False
for app in APPS:
    if find_spec(f"{app}.api"):
        import_module(f"{app}.api").register(router)

urlpatterns = [
    path("", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="api/docs.html"), name="docs"),
]
