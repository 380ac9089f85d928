from django.db import migrations

from common.triggers import append_only, refuse

ITEM = "quality_punchitem"
SIGNED = ["acceptance_id", "position", "text", "owner_id", "due_on", "retest"]


class Migration(migrations.Migration):
    """A record stays as it was printed; a notice as it was given; lines and items of a punch list as they were signed."""

    dependencies = [("quality", "0015_acceptance_outcomes")]

    operations = [
        append_only("quality_acceptancerecord"),
        append_only("quality_acceptanceline"),
        append_only("quality_acceptancenotice"),
        refuse(
            "quality_punchitem_keeps_what_is_signed",
            table=ITEM,
            event="UPDATE",
            when=" OR ".join(f"NEW.{column} <> OLD.{column}" for column in SIGNED),
            message="an item of a punch list stays as it was signed",
        ),
        refuse(
            "quality_punchitem_is_kept", table=ITEM, event="DELETE", message="an item of a punch list is not deleted"
        ),
    ]
