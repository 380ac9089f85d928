import logging
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cockpit.domain.demo.build import make_demo
from cockpit.domain.demo.people import sign_ins


@contextmanager
def no_word_of_the_broker():
    """The demo is made before a broker runs; what waits is done by the sweeps, so a warning per mail says nothing."""
    logger = logging.getLogger("common.tasks")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


class Command(BaseCommand):
    help = (
        "Fill an empty installation with the demo, once; a second run changes nothing. Needs no broker and no worker."
    )

    def handle(self, *args, **options):
        if not settings.LANDFALL_DEMO:
            raise CommandError("This installation is not a demo (LANDFALL_DEMO is off).", returncode=1)
        with no_word_of_the_broker():
            made = make_demo()
        self.stdout.write("The demo is ready." if made else "The demo is there already; nothing was changed.")
        for person in sign_ins():
            self.stdout.write(f"  {person['email']:<34} {person['password']}   {person['role']}")
