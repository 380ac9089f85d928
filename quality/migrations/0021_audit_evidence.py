"""What the database itself holds of an audit: what was found stays, and nothing is closed over something open."""

from django.db import migrations

from common.triggers import append_only, refuse

FINDING, ACTION, AUDIT = "quality_auditfinding", "quality_correctiveaction", "quality_audit"
STATED = ("grade", "clause", "statement", "evidence", "about_label", "recorded_by_id", "recorded_at", "audit_id")
REPORTED = ("report", "report_sha256", "conclusion", "reported_at", "title", "standard", "scope", "organisation_id")


def changed(*columns):
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


UNVERIFIED = "EXISTS (SELECT 1 FROM quality_correctiveaction WHERE finding_id = NEW.id AND state <> 'verified')"
NOTHING_DONE = "NOT EXISTS (SELECT 1 FROM quality_correctiveaction WHERE finding_id = NEW.id)"
OPEN_FINDING = "EXISTS (SELECT 1 FROM quality_auditfinding WHERE audit_id = NEW.id AND state = 'open')"


class Migration(migrations.Migration):
    dependencies = [("quality", "0020_audits")]

    operations = [
        append_only("quality_actionevent"),
        refuse(
            "quality_auditfinding_is_kept", table=FINDING, event="DELETE", message="an audit finding is not deleted"
        ),
        refuse(
            "quality_auditfinding_says_what_it_said",
            table=FINDING,
            event="UPDATE",
            when=changed(*STATED),
            message="what an audit finding says is not changed",
        ),
        refuse(
            "quality_auditfinding_closes_verified",
            table=FINDING,
            event="UPDATE",
            when=f"NEW.state = 'closed' AND ({UNVERIFIED} OR (NEW.grade <> 'observation' AND {NOTHING_DONE}))",
            message="an audit finding is closed when its corrective actions are verified",
        ),
        refuse(
            "quality_correctiveaction_is_kept",
            table=ACTION,
            event="DELETE",
            message="a corrective action is not deleted",
        ),
        refuse(
            "quality_correctiveaction_stays_verified",
            table=ACTION,
            event="UPDATE",
            when="OLD.state = 'verified'",
            message="a verified corrective action is not changed",
        ),
        refuse(
            "quality_audit_report_stays",
            table=AUDIT,
            event="UPDATE",
            when=f"OLD.report <> '' AND ({changed(*REPORTED)})",
            message="a reported audit is not changed",
        ),
        refuse(
            "quality_audit_closes_settled",
            table=AUDIT,
            event="UPDATE",
            when=f"NEW.state = 'closed' AND {OPEN_FINDING}",
            message="an audit is closed when its findings are",
        ),
    ]
