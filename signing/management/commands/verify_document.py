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
        self.stdout.write(json.dumps(as_json(answer), ensure_ascii=False, indent=2))
        if not answer.is_unchanged:
            raise SystemExit(1)


def as_json(answer: verification.Verification) -> dict:
    record = answer.record
    return {
        "unchanged": answer.is_unchanged,
        "finding": answer.finding.value,
        "reasons": list(answer.reasons),
        "sha256": answer.sha256,
        "document": record.request.label if record else None,
        "who": [
            {"name": signer.name, "organisation": signer.organisation_name, "role": signer.role}
            for signer in answer.signers
        ],
        "when": [
            {"name": signer.name, "signed_at": signer.signed_at.isoformat()}
            for signer in answer.signers
            if signer.signed_at
        ],
        "assurance": {
            "identification": [{"name": signer.name, "checked": signer.identification} for signer in answer.signers],
            "level": record.level,
            "time_source": record.time_source,
            "sealed_at": record.sealed_at.isoformat(),
            "certificate_sha256": record.certificate_sha256,
        }
        if record
        else None,
    }
