from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.domain import people
from common.errors import Refusal


class Command(BaseCommand):
    help = "Make an administrator of the installation, and the vendor's organisation if there is none of that name."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--organisation", required=True, help="The vendor: the company that implements.")
        parser.add_argument("--language", choices=["en", "zh-hans"], default="en")
        parser.add_argument("--time-zone", default="UTC")
        parser.add_argument("--no-password", action="store_true", help="They sign in by codes sent by mail.")

    def handle(self, *args, email, name, organisation, language, time_zone, no_password, **options):
        try:
            validate_email(email)
            password = None if no_password else self.ask_password()
            user = people.add_administrator(
                email, name, organisation, language=language, time_zone=time_zone, password=password
            )
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from None
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{user.email} is an administrator of {user.organisation}.")

    def ask_password(self):
        password = getpass("Password: ")
        validate_password(password)
        if getpass("Again: ") != password:
            raise CommandError("The two passwords differ.")
        return password
