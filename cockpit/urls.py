from django.urls import path
from django.urls.resolvers import URLPattern

from cockpit.views import health

app_name = "cockpit"

urlpatterns: list[URLPattern] = [
    path("health/live/", health.health_live, name="health_live"),
    path("health/ready/", health.health_ready, name="health_ready"),
]
