from django.urls import include, path

from tests.benchmarks import bare

urlpatterns = [
    path("bare/view/<int:project_id>/", bare.view),
    path("bare/api/<int:project_id>/", bare.Api.as_view()),
    path("", include("config.urls")),
]
