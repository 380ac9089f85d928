from django.urls import path

from accounts.views import invitations, organisations, people, preferences

app_name = "accounts"
urlpatterns = [
    path("people/", people.person_list, name="person_list"),
    path("people/invite/", people.person_invite, name="person_invite"),
    path("people/<int:pk>/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/reactivate/", people.person_reactivate, name="person_reactivate"),
    path("people/<int:pk>/invite/", people.person_invite_again, name="person_invite_again"),
    path("organisations/", organisations.organisation_list, name="organisation_list"),
    path("organisations/new/", organisations.organisation_create, name="organisation_create"),
    path("organisations/<int:pk>/", organisations.organisation_edit, name="organisation_edit"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("preferences/theme/", preferences.theme, name="theme"),
    path("preferences/tokens/", preferences.token_list, name="token_list"),
    path("preferences/tokens/<int:pk>/revoke/", preferences.token_revoke, name="token_revoke"),
    path("session/renew/", preferences.session_renew, name="session_renew"),
    path("language/", preferences.language, name="language"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/renew/", invitations.invitation_renew, name="invitation_renew"),
]
