import json

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from common.dates import validate_time_zone
from success.domain import queries
from success.domain.figures import as_answer
from success.domain.months import Month
from success.models import MonitoredSystem


class Command(BaseCommand):
    help = "Print the figures of a monitored system for a month as JSON."

    def add_arguments(self, parser):
        parser.add_argument("project", help="the key of the project, such as HX-ERP")
        parser.add_argument("system", help="the name of the system as its monitor writes it")
        parser.add_argument("--month", required=True, help="such as 2026-08")
        parser.add_argument("--zone", help="IANA time zone; by default the customer's")

    def handle(self, *, project, system, month, zone, **options):
        found = MonitoredSystem.objects.filter(project__key=project, name=system)
        monitored = found.select_related("project__customer").first()
        if monitored is None:
            raise CommandError(f"There is no system {system} in a project {project}.")
        zone = zone or monitored.project.time_zone
        try:
            validate_time_zone(zone)
            figures = queries.figures_of(monitored, Month.parse(month), zone=zone)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except ValueError:
            raise CommandError(f"“{month}” is not a month; write it as 2026-08.") from None
        self.stdout.write(json.dumps(as_answer(figures, monitored.coverage_floor_percent), indent=2))
