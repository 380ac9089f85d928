from django.urls import path

from accounts.views import invitations, preferences

app_name = "accounts"
urlpatterns = [
    path("preferences/theme/", preferences.theme, name="theme"),
    path("language/", preferences.language, name="language"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
]
