from django.urls.resolvers import URLPattern

app_name = "delivery"

urlpatterns: list[URLPattern] = []
