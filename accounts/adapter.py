import secrets

from allauth.account.adapter import DefaultAccountAdapter

from accounts.models import User
from notices.domain import outbox

# What allauth mails -> our template. Sign-up and change of address are closed, so nothing else is ever sent.
MAILS = {
    "account/email/login_code": "accounts/mails/login_code",
    "account/email/password_reset_key": "accounts/mails/password_reset",
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in as Landfall has it: nobody signs up by themselves, and mails leave through the outbox."""

    def is_open_for_signup(self, request):
        return False

    def generate_login_code(self):
        return f"{secrets.randbelow(1_000_000):06}"

    def send_mail(self, template_prefix, email, context):
        user = User.objects.get(email=email.lower())
        outbox.mail(
            user.email,
            user.language,
            MAILS[template_prefix],
            {"user": user, "code": context.get("code", "")},
            link=context.get("password_reset_url", ""),
            time_zone=user.time_zone,
            secret=True,
        )
