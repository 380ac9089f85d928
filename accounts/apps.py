from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        user_logged_in.connect(keep_session_end, dispatch_uid="accounts.keep_session_end")


def keep_session_end(*, request: Any, **kwargs: Any) -> None:
    from django.utils import timezone

    from common import sessions

    sessions.renew(request.session, now=timezone.now())
