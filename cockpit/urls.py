from django.urls import path
from django.urls.resolvers import URLPattern

from cockpit.views import health, my_work, portfolio, project, search

app_name = "cockpit"

urlpatterns: list[URLPattern] = [
    path("", my_work.my_work, name="my_work"),
    path("search/", search.search_house, name="search_house"),
    path("projects/", portfolio.portfolio, name="portfolio"),
    path("projects/<str:project_key>/", project.project_overview, name="project"),
    path("projects/<str:project_key>/search/", search.search, name="search"),
    path("health/live/", health.health_live, name="health_live"),
    path("health/ready/", health.health_ready, name="health_ready"),
]
