import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from signing.domain import verification


class Command(BaseCommand):
    help = "Check a PDF against the record of what was sealed here; exit 0 if it is unchanged, 1 if not."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options):
        try:
            size = file.stat().st_size
            content = b"" if size > verification.MAX_BYTES else file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        if size > verification.MAX_BYTES:
            raise CommandError(f"{file}: larger than {verification.MAX_BYTES} bytes")
        answer = verification.verify(content)
        self.stdout.write(json.dumps(verification.as_json(answer), ensure_ascii=False, indent=2))
        if not answer.is_unchanged:
            raise SystemExit(1)
