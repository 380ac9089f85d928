import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from common.errors import Refusal
from projects.models import Phase, Project
from quality.domain import result_imports
from quality.domain.import_figures import figures_of
from quality.domain.result_imports import About
from quality.domain.results.summary_csv import KNOWN, MILLISECONDS
from quality.enums import ImportChannel
from quality.models import ResultImport
from quality.permissions import can_import_results

MAX_BUILD = ResultImport._meta.get_field("build").max_length
MAX_ENVIRONMENT = ResultImport._meta.get_field("environment").max_length


class Command(BaseCommand):
    help = (
        "Read a file of test results into a project: JUnit XML, Newman JSON, JMeter JTL (CSV, XML), SARIF, or a "
        "summary as CSV. The same file again changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("project", help="the key of the project, such as HX-ERP")
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print the counts as one JSON object")
        parser.add_argument("--dry-run", action="store_true", help="say what would be imported; import nothing")
        parser.add_argument("--build", default="", help="the build that was tested")
        parser.add_argument("--environment", default="", help="where it was tested")
        parser.add_argument("--phase", type=int, help="the number of the phase whose acceptance the results count for")
        parser.add_argument("--by", metavar="EMAIL", help="in whose name; without it in that of the project manager")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="WHAT=NAME",
            help=f"of a summary: the column that holds WHAT, one of {', '.join(KNOWN)}; can be given again",
        )
        parser.add_argument("--unit", choices=MILLISECONDS, default="ms", help="of a summary: the unit of its times")

    def handle(self, *, file, dry_run, **options):
        project, by, about = self._context(**options)
        try:
            with file.open("rb") as content:
                imported = result_imports.import_results(
                    project,
                    content,
                    about,
                    file_name=file.name,
                    by=by,
                    channel=ImportChannel.COMMAND,
                    dry_run=dry_run,
                )
        except (OSError, Refusal) as refusal:
            raise CommandError(str(refusal)) from None
        figures = figures_of(imported) | {"dry_run": dry_run}
        self.stdout.write(json.dumps(figures, ensure_ascii=False) if options["json"] else _in_lines(figures))

    def _context(self, *, project, build, environment, phase, by, column, unit, **_options):
        found = Project.objects.filter(key=project).first()
        if found is None:
            raise CommandError(f"There is no project {project}.")
        person = User.objects.filter(email=by.lower()).first() if by else result_imports.in_whose_name(found)
        if person is None:
            raise CommandError(f"There is no person {by}." if by else "Say in whose name to import: --by EMAIL.")
        if not can_import_results(person, found):
            raise CommandError(f"{person.email} may not import results into {found.key}.")
        if len(build) > MAX_BUILD or len(environment) > MAX_ENVIRONMENT:
            raise CommandError(f"A build has at most {MAX_BUILD} characters, an environment {MAX_ENVIRONMENT}.")
        of_phase = Phase.objects.filter(project=found, number=phase).first() if phase else None
        if phase and of_phase is None:
            raise CommandError(f"The project has no phase {phase}.")
        columns = dict(text.partition("=")[::2] for text in column)
        if columns.keys() - KNOWN.keys():
            raise CommandError(f"A column holds one of: {', '.join(KNOWN)}.")
        return found, person, About(build, environment, of_phase, columns, unit)


def _in_lines(figures) -> str:
    """The same figures for a person: one per line, a label or severity per line after them."""
    lines = [f"{name}: {value}" for name, value in figures.items() if not isinstance(value, list)]
    for rows in (figures.get("labels", ()), figures.get("findings", ())):
        lines += ["  ".join(f"{name}={'-' if value is None else value}" for name, value in row.items()) for row in rows]
    return "\n".join(lines)
