from django.urls.resolvers import URLPattern

app_name = "signing"

urlpatterns: list[URLPattern] = []
