"""Is this file what was sealed? Four plain verdicts: unchanged? who? when? how sure?

"Unchanged" needs everything (documents.md, Checking): every signature good, the last one over the entire file, all
expected fields signed by the expected certificate, and the SHA-256 the one on record. What is shown comes from our
record, never from the file's own words.
"""

import fcntl
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.conf import settings

from signing.domain.certificates import current_seal
from signing.domain.manifest import sha256
from signing.models import ArchiveCopy, SealedFile, Signer

MAX_BYTES = 10 * 1024 * 1024
WALL_SECONDS = 25
SLOTS = 2  # inspections at once on one machine
DOCUMENT = re.compile(r"/verify/([A-Z0-9-]{1,60})/(\d{1,4})/\Z")


class Finding(StrEnum):
    """What the file is."""

    UNCHANGED = "unchanged"
    NOT_FINAL = "not_final"  # every signature in it is ours and good, but it is not the sealed file, whole
    CHANGED = "changed"  # it carries our seal, and something in it was changed
    UNKNOWN = "unknown"  # nothing in it is ours
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    BUSY = "busy"


@dataclass(frozen=True)
class Expected:
    """What the record says about a sealed file."""

    sha256: str
    fields: tuple[str, ...]
    certificate: str
    moment: datetime
    roots: str
    moments: dict[str, datetime] = field(default_factory=dict)  # of time stamps that were put on later, by field


@dataclass(frozen=True)
class Verification:
    """The answer. `signers` and `record` are given only where the finding vouches for them."""

    finding: Finding
    sha256: str
    record: SealedFile | None = None
    signers: tuple[Signer, ...] = ()
    reasons: tuple[str, ...] = ()  # words for the log and the command; pages have their own

    @property
    def is_unchanged(self) -> bool:
        return self.finding == Finding.UNCHANGED


def verify(content: bytes) -> Verification:
    """Check a file from outside. Never raises on what is in it."""
    digest = sha256(content)
    if len(content) > MAX_BYTES:
        return Verification(Finding.TOO_LARGE, digest)
    if not content.startswith(b"%PDF-"):
        return Verification(Finding.UNREADABLE, digest)
    files = SealedFile.objects.select_related("request__project__customer")
    copy = ArchiveCopy.objects.filter(sha256=digest).select_related("sealed_file__request__project__customer").first()
    record = copy.sealed_file if copy else files.filter(sha256=digest).first()
    expected = expectation(record, copy) if record else None
    inspection = _inspect(content, expected)
    if "signatures" not in inspection:
        finding = Finding.BUSY if inspection["fault"] == "busy" else Finding.UNREADABLE
        return Verification(finding, digest, reasons=(inspection["fault"],))
    if record is None:
        record = _claimed(inspection["signatures"])
        expected = expectation(record) if record else None
    finding, reasons = judge(digest, inspection["signatures"], expected)
    if record is None or finding not in (Finding.UNCHANGED, Finding.NOT_FINAL):
        return Verification(finding, digest, reasons=reasons)
    signers = tuple(record.request.signers.signed().with_delegations().order_by("signed_at", "order"))
    return Verification(finding, digest, record, signers, reasons)


def find_record(number: str, digest: str) -> SealedFile | None:
    """Return the record of the sealed file with this number and SHA-256 (hex): any copy that has it is that file."""
    files = SealedFile.objects.select_related("request__project").filter(request__number=number.strip().upper())
    return files.filter(sha256=digest.strip().lower()).first()


def as_json(answer: Verification) -> dict:
    """Return the answer as the command and the API give it: the four verdicts under their names."""
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


def judge(digest: str, signatures: list[dict], expected: Expected | None) -> tuple[Finding, tuple[str, ...]]:
    """Return the finding and the reasons against "unchanged", from what the inspection saw and the record expects."""
    if expected is None or not any(s["certificate"] == expected.certificate for s in signatures):
        return Finding.UNKNOWN, ("no signature of ours",)
    reasons = []
    ours = [s for s in signatures if not s["is_time_stamp"]]
    if not all(s["good"] for s in signatures):
        reasons.append("a signature does not hold")
    if not all(s["certificate"] == expected.certificate for s in ours):
        reasons.append("a foreign signature")
    if not signatures[-1]["covers_all"]:
        reasons.append("something follows the last signature")
    if reasons:
        return Finding.CHANGED, tuple(reasons)
    if [s["field"] for s in signatures] != list(expected.fields):
        reasons.append("signatures are missing")
    if digest != expected.sha256:
        reasons.append("not the bytes on record")
    return (Finding.NOT_FINAL if reasons else Finding.UNCHANGED), tuple(reasons)


def expectation(record: SealedFile, copy: ArchiveCopy | None = None) -> Expected:
    """Return what a file must be to be the sealed one on record, or an archive copy of it."""
    if copy:
        earlier = list(ArchiveCopy.objects.filter(sealed_file=record, number__lte=copy.number))
        return Expected(
            sha256=copy.sha256,
            fields=(*record.fields, *(each.field for each in earlier)),
            certificate=record.certificate_sha256,
            moment=record.sealed_at,
            roots=copy.trusted_pem,
            moments={each.field: each.stamped_at for each in earlier},
        )
    return Expected(
        sha256=record.sha256,
        fields=tuple(record.fields),
        certificate=record.certificate_sha256,
        moment=record.sealed_at,
        roots=record.trusted_pem,
    )


def known_roots() -> str:
    """Return, as PEM, the roots of every seal this installation has had."""
    recorded = SealedFile.objects.values_list("trusted_pem", flat=True).distinct().order_by("trusted_pem")
    return "".join(dict.fromkeys([*recorded, current_seal().roots_pem]))


def _claimed(signatures: list[dict]) -> SealedFile | None:
    """Return the record of the document that a good signature of ours in the file names."""
    certificates = set(SealedFile.objects.values_list("certificate_sha256", flat=True).distinct())
    for signature in signatures:
        named = DOCUMENT.search(signature["contact"])
        if named and signature["intact"] and signature["certificate"] in certificates:
            number, version = named.groups()
            files = SealedFile.objects.select_related("request__project__customer")
            return files.filter(request__number=number, request__version=version).first()
    return None


def _inspect(content: bytes, expected: Expected | None) -> dict:
    roots, moment = (expected.roots, expected.moment.isoformat()) if expected else (known_roots(), None)
    moments = {name: at.isoformat() for name, at in expected.moments.items()} if expected else {}
    question = json.dumps({"roots": roots, "moment": moment, "moments": moments})
    with _slot() as free, tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        if not free:
            return {"fault": "busy"}
        file.write(content)
        file.flush()
        command = [sys.executable, "-m", "signing.domain.inspection", file.name]
        try:
            done = subprocess.run(  # noqa: S603  our own module; the name of the file is ours
                command, input=question, capture_output=True, text=True, timeout=WALL_SECONDS, cwd=settings.BASE_DIR
            )
            return json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            return {"fault": "took too long"}
        except ValueError:  # killed by its limits before it could answer
            return {"fault": "took too much"}


@contextmanager
def _slot() -> Iterator[bool]:
    """Yield whether one of the few places is free: uploads from outside must not take all of the machine."""
    folder = settings.LANDFALL_HOME / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(SLOTS):
        with (folder / f"verify.{number}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            yield True
            return
    yield False
