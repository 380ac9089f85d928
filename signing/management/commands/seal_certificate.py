from pathlib import Path

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from signing.domain import certificates


class Command(BaseCommand):
    help = (
        "Say which certificate seals documents and until when. With --renew, replace the platform's own by a new one: "
        "documents sealed before keep their own roots on record and go on verifying. Restart the workers afterwards."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--renew", action="store_true", help="make a new certificate; the old key is kept beside it"
        )

    def handle(self, *args, renew: bool, **options):
        if renew:
            self._renew()
        try:
            seal = certificates.current_seal()
        except (OSError, ValueError) as error:
            raise CommandError(f"The certificate cannot be read: {error}") from error
        source = settings.SIGNING_PKCS12 or Path(settings.LANDFALL_HOME) / "keys" / "seal"
        until = seal.certificate.not_valid_after_utc
        self.stdout.write(f"source       {source}")
        self.stdout.write(f"subject      {seal.certificate.subject.rfc4514_string()}")
        self.stdout.write(f"SHA-256      {seal.certificate.fingerprint(hashes.SHA256()).hex()}")
        self.stdout.write(f"valid until  {until:%Y-%m-%d}")
        if until <= timezone.now():
            raise CommandError("The certificate has expired: renew it, or set SIGNING_PKCS12 to a new file.")

    def _renew(self):
        if settings.SIGNING_PKCS12:
            raise CommandError("SIGNING_PKCS12 is set: to renew, point it at the new file.")
        kept = certificates.renew_own_seal(Path(settings.LANDFALL_HOME) / "keys" / "seal")
        if kept:
            self.stdout.write(f"kept         {kept}")
