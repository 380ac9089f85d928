from django.db import migrations

from common.triggers import append_only, refuse

REVIEW = ("phase_id", "number", "held_on", "verdict", "summary", "facts", "recorded_by_id", "recorded_at")
FINDING = ("review_id", "position", "statement", "action")


def changed(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_gates")]

    operations = [
        append_only("projects_gateoverride"),
        refuse(
            "projects_gatereview_keep",
            table="projects_gatereview",
            event="UPDATE",
            when=changed(*REVIEW),
            message="what a gate review recorded is not changed",
        ),
        refuse(
            "projects_gatereview_keep_row",
            table="projects_gatereview",
            event="DELETE",
            message="a gate review is not deleted",
        ),
        refuse(
            "projects_gatefinding_keep",
            table="projects_gatefinding",
            event="UPDATE",
            when=f"{changed(*FINDING)} OR OLD.done_at IS NOT NULL",
            message="what a gate review found is not changed",
        ),
        refuse(
            "projects_gatefinding_keep_row",
            table="projects_gatefinding",
            event="DELETE",
            message="a finding of a gate review is not deleted",
        ),
    ]
