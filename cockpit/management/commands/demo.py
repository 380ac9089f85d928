import logging

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cockpit.domain.demo.build import make_demo
from cockpit.domain.demo.people import sign_ins


class Command(BaseCommand):
    help = (
        "Fill an empty installation with the demo, once; a second run changes nothing. Needs no broker and no worker."
    )

    def handle(self, *args, **options):
        if not settings.LANDFALL_DEMO:
            raise CommandError("This installation is not a demo (LANDFALL_DEMO is off).", returncode=1)
        logging.getLogger("common.tasks").setLevel(logging.ERROR)  # no broker is needed: the sweeps do what waits
        made = make_demo()
        self.stdout.write("The demo is ready." if made else "The demo is there already; nothing was changed.")
        for person in sign_ins():
            self.stdout.write(f"  {person['email']:<34} {person['password']}   {person['role']}")
