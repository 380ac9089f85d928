from django.urls.resolvers import URLPattern

app_name = "requirements"

urlpatterns: list[URLPattern] = []
