from django.urls.resolvers import URLPattern

app_name = "success"

urlpatterns: list[URLPattern] = []
