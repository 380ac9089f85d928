from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.notice_list, name="notice_list"),
    path("notices/<int:pk>/open/", views.notice_open, name="notice_open"),
    path("notices/read/", views.notice_read_all, name="notice_read_all"),
    path("mails/", views.mail_list, name="mail_list"),
    path("mails/<int:pk>/send/", views.mail_send_again, name="mail_send_again"),
    path("outbox/", views.outbox, name="outbox"),
]
