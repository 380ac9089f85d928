"""Look into an uploaded PDF: run as a process of its own, because a hostile file can eat time and memory.

Usage: python -m signing.domain.inspection FILE < request.json. Reads {"roots": PEM, "moment": instant or null},
prints one JSON object: {"signatures": [...]} or {"fault": word}. Knows no database and no Django.
"""

import json
import logging
import resource
import sys
from datetime import datetime
from hashlib import sha256
from typing import Any

CPU_SECONDS, MEMORY = 20, 1536 * 1024 * 1024
MAX_SIGNATURES, MAX_REVISIONS = 20, 50


def main() -> None:
    """Answer one question within the limits of time and memory; what goes beyond them is a fault too."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    logging.disable(logging.CRITICAL)  # the libraries' remarks on a foreign file are nobody's concern
    question = json.load(sys.stdin)
    with open(sys.argv[1], "rb") as file:
        try:
            answer = inspect(file, question["roots"], question.get("moment"), question.get("moments"))
        except RecursionError:
            answer = {"fault": "too deep"}
        except MemoryError:
            answer = {"fault": "too large"}
        except Exception as error:  # a foreign file may break any part of any library
            answer = {"fault": "unreadable", "detail": type(error).__name__}
    print(json.dumps(answer))  # noqa: T201  the answer of this process


def inspect(file, roots_pem: str, moment: str | None, moments: dict[str, str] | None = None) -> dict:
    """Return what each signature of the file is worth, checked against our roots only; nothing is fetched.

    A certificate must have been valid at `moment`, or at the instant that `moments` gives for a field.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(file, strict=True)
    if reader.xrefs.total_revisions > MAX_REVISIONS:
        return {"fault": "too many revisions"}
    signatures = list(reader.embedded_signatures)
    if len(signatures) > MAX_SIGNATURES:
        return {"fault": "too many signatures"}
    moments = moments or {}
    return {
        "signatures": [
            _inspect_signature(signature, _contexts(roots_pem, moments.get(str(signature.field_name), moment)))
            for signature in signatures
        ]
    }


def _contexts(roots_pem: str, moment: str | None):
    from asn1crypto import pem, x509
    from pyhanko_certvalidator import ValidationContext

    roots = [x509.Certificate.load(der) for _, _, der in pem.unarmor(roots_pem.encode(), multiple=True)]
    instant = datetime.fromisoformat(moment) if moment else None

    def make():
        # Nothing is fetched: with fetching on, the uploaded certificate would choose the addresses.
        return ValidationContext(
            trust_roots=roots,
            allow_fetching=False,
            moment=instant,
            best_signature_time=instant,
            revocation_mode="soft-fail",
        )

    return make


def _inspect_signature(signature, context) -> dict:
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp

    is_stamp = str(signature.sig_object.get("/Type", "")) == "/DocTimeStamp"
    status: Any  # the two kinds share what is asked below
    if is_stamp:
        status = validate_pdf_timestamp(signature, validation_context=context())
    else:
        status = validate_pdf_signature(signature, signer_validation_context=context(), ts_validation_context=context())
    intact = bool(status.intact and status.valid and status.trusted)
    covers_all = status.coverage is not None and status.coverage.name == "ENTIRE_FILE"
    stamped = getattr(status, "timestamp_validity", None)
    time = status.timestamp if is_stamp else (stamped.timestamp if stamped else None)
    return {
        "field": str(signature.field_name),
        "is_time_stamp": is_stamp,
        "certificate": sha256(signature.signer_cert.dump()).hexdigest(),
        # A document time stamp has no bottom line of its own: nothing but a further time stamp may follow it.
        "good": bool(intact and (covers_all or _is_only_stamped_again(status)) if is_stamp else status.bottom_line),
        "intact": intact,
        "covers_all": covers_all,
        "contact": str(signature.sig_object.get("/ContactInfo", ""))[:500],
        "time": time.isoformat() if time else None,
    }


def _is_only_stamped_again(status: Any) -> bool:
    from pyhanko.sign.diff_analysis import ModificationLevel

    return status.modification_level in {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES}


if __name__ == "__main__":
    main()
