from django.db import migrations

from common.triggers import append_only, refuse

REQUEST, SIGNER, SEALED = "signing_signaturerequest", "signing_signer", "signing_sealedfile"
FROZEN = [
    "project_id",
    "kind",
    "sequence",
    "version",
    "number",
    "title",
    "language",
    "content_type_id",
    "object_id",
    "manifest",
    "manifest_sha256",
    "body_html",
    "body_file",
    "body_sha256",
    "sent_by_id",
    "sent_at",
]
UNSIGNED = f"EXISTS (SELECT 1 FROM {SIGNER} s WHERE s.request_id = NEW.id AND s.signed_at IS NULL)"  # noqa: S608
NO_SIGNER = f"NOT EXISTS (SELECT 1 FROM {SIGNER} s WHERE s.request_id = NEW.id)"  # noqa: S608
NO_SEAL = f"NOT EXISTS (SELECT 1 FROM {SEALED} f WHERE f.request_id = NEW.id)"  # noqa: S608
STATE_OF_REQUEST = f"(SELECT r.state FROM {REQUEST} r WHERE r.id = NEW.request_id)"  # noqa: S608


class Migration(migrations.Migration):
    """What was frozen stays, a binding state needs every signature, a signature stays as it was given."""

    dependencies = [("signing", "0001_initial")]

    operations = [
        append_only(SEALED),
        refuse(
            "signing_request_starts_sent",
            table=REQUEST,
            event="INSERT",
            when="NEW.state <> 'sent'",
            message="a signature request begins as sent",
        ),
        refuse(
            "signing_request_stays_frozen",
            table=REQUEST,
            event="UPDATE",
            when=" OR ".join(f"NEW.{column} <> OLD.{column}" for column in FROZEN),
            message="what was sent for signature does not change",
        ),
        refuse(
            "signing_request_moves_forward",
            table=REQUEST,
            event="UPDATE",
            when="NOT (NEW.state = OLD.state OR OLD.state = 'sent' AND NEW.state NOT IN ('sealed', 'delivered') "
            "OR OLD.state = 'signed' AND NEW.state = 'sealed' OR OLD.state = 'sealed' AND NEW.state = 'delivered')",
            message="this is not a move of a signature request",
        ),
        refuse(
            "signing_request_needs_every_signature",
            table=REQUEST,
            event="UPDATE",
            when=f"NEW.state IN ('signed', 'sealed', 'delivered') AND ({UNSIGNED} OR {NO_SIGNER})",
            message="a required signature is missing",
        ),
        refuse(
            "signing_request_needs_its_seal",
            table=REQUEST,
            event="UPDATE",
            when=f"NEW.state IN ('sealed', 'delivered') AND {NO_SEAL}",
            message="the sealed file is missing",
        ),
        refuse("signing_request_is_kept", table=REQUEST, event="DELETE", message="a signature request is not deleted"),
        refuse(
            "signing_signer_joins_before_signing",
            table=SIGNER,
            event="INSERT",
            when=f"NEW.signed_at IS NOT NULL OR {STATE_OF_REQUEST} <> 'sent'",
            message="a signer joins while the request is open, unsigned",
        ),
        refuse(
            "signing_signer_keeps_signature",
            table=SIGNER,
            event="UPDATE",
            when="OLD.signed_at IS NOT NULL OR NEW.user_id <> OLD.user_id OR NEW.request_id <> OLD.request_id "
            "OR NEW.meaning <> OLD.meaning",
            message="a signature does not change",
        ),
        refuse(
            "signing_signer_signs_open_request",
            table=SIGNER,
            event="UPDATE",
            when=f"NEW.signed_at IS NOT NULL AND {STATE_OF_REQUEST} <> 'sent'",
            message="only an open request is signed",
        ),
        refuse("signing_signer_is_kept", table=SIGNER, event="DELETE", message="a signer is not deleted"),
    ]
