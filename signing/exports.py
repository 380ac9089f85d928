"""What the export of a project's evidence holds of this app: see projects.sections."""

import io
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from projects.roles import visible_in
from projects.sections import Section, StoredFile, safe_path
from signing import kinds
from signing.domain import manifest
from signing.models import Authority, SignatureRequest


def _documents(reader: Any, project: Any) -> Any:
    rows = SignatureRequest.objects.defer("body_html").select_related("project", "sent_by", "closed_by", "sealed_file")
    return visible_in(rows.prefetch_related("signers__user"), reader, project).order_by("sent_at", "pk")


def _more(document: SignatureRequest, reader: Any) -> dict[str, Any]:
    sealed = getattr(document, "sealed_file", None)
    return {
        "signers": [
            {
                "name": signer.name or signer.user.name,
                "job_title": signer.job_title,
                "organisation": signer.organisation_name,
                "side": signer.side,
                "role": signer.role,
                "order": signer.order,
                "meaning": signer.meaning,
                "opened_at": signer.opened_at,
                "declined_at": signer.declined_at,
                "signed_at": signer.signed_at,
                "consent": signer.consent_text,
                "method": signer.method,
                "identification": signer.identification,
            }
            for signer in document.signers.all()
        ],
        "sealed": sealed
        and {
            "sha256": sealed.sha256,
            "sealed_at": sealed.sealed_at,
            "level": sealed.level,
            "time_source": sealed.time_source,
            "certificate_sha256": sealed.certificate_sha256,
            "trusted_pem": sealed.trusted_pem,
        },
    }


def _files(document: SignatureRequest, reader: Any) -> Iterator[StoredFile]:
    """The manifest that was signed, the pages that were shown, and the sealed file."""
    folder = f"{document.number}-v{document.version}"
    signed = manifest.canonical(document.manifest)
    yield StoredFile(
        safe_path("documents", folder, "manifest.json"), lambda: io.BytesIO(signed), document.manifest_sha256
    )
    yield _stored(safe_path("documents", folder, "unsigned.pdf"), document.body_file, document.body_sha256)
    sealed = getattr(document, "sealed_file", None)
    if sealed:
        yield _stored(safe_path("documents", folder, document.file_name), sealed.file, sealed.sha256)


def _stored(path: str, name: str, sha256: str) -> StoredFile:
    return StoredFile(path, lambda: default_storage.open(name, "rb"), sha256)


SECTIONS = (
    Section(
        "documents",
        _("Documents"),
        _documents,
        columns=(
            (_("Number"), "label"),
            (_("Title"), "title"),
            (_("Kind"), lambda row: kinds.label_of(row.kind)),
            (_("State"), "get_state_display"),
            (_("Sent"), "sent_at"),
            (_("Signed by"), lambda row: [str(signer) for signer in row.signers.all() if signer.signed_at]),
            (_("Sealed"), "sealed_at"),
            (_("Reason"), "closing_reason"),
        ),
        leave_out=frozenset({"body_file"}),
        more=_more,
        files=_files,
    ),
    Section(
        "authorities",
        _("Authority register"),
        lambda reader, project: Authority.objects.filter(project=project).select_related(
            "user", "granted_by", "revoked_by"
        ),
        columns=(
            (_("Person"), "user.name"),
            (_("Kind"), lambda row: kinds.label_of(row.kind)),
            (_("Valid until"), "valid_until"),
            (_("Granted by"), "granted_by.name"),
            (_("Revoked"), "revoked_at"),
        ),
    ),
)
