import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from projects.models import Project
from success.domain import imports
from success.domain.errors import BadFile


class Command(BaseCommand):
    help = "Read a CSV file of checks (service, checked_at, status, http_code, response_ms) into a project."

    def add_arguments(self, parser):
        parser.add_argument("project", help="the key of the project, such as HX-ERP")
        parser.add_argument("file", type=Path)

    def handle(self, *, project, file, **options):
        found = Project.objects.filter(key=project).first()
        if found is None:
            raise CommandError(f"There is no project {project}.")
        try:
            imported = imports.import_checks(found, file.read_bytes(), file_name=file.name)
        except (OSError, BadFile) as refusal:
            raise CommandError(str(refusal)) from None
        record = imported.record
        counts = {
            "file": record.file_name,
            "sha256": record.sha256,
            "repeated": imported.is_repeated,
            "rows_read": record.rows_read,
            "rows_new": 0 if imported.is_repeated else record.rows_new,
            "systems_made": 0 if imported.is_repeated else record.systems_made,
        }
        self.stdout.write(json.dumps(counts, ensure_ascii=False))
