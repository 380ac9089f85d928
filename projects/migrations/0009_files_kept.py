from django.db import migrations

from common.triggers import refuse

FACTS = (
    "project_id",
    "content_type_id",
    "object_id",
    "name",
    "media_type",
    "size",
    "sha256",
    "uploaded_by_id",
    "uploaded_at",
)
STANDS = "EXISTS (SELECT 1 FROM projects_legalhold WHERE project_id = OLD.project_id AND lifted_at IS NULL)"


class Migration(migrations.Migration):
    dependencies = [("projects", "0008_retention")]

    operations = [
        refuse(
            "projects_attachment_row_stays",
            table="projects_attachment",
            event="DELETE",
            message="the row of a file stays",
        ),
        refuse(
            "projects_attachment_facts_stay",
            table="projects_attachment",
            event="UPDATE",
            when=" OR ".join(f"NEW.{name} <> OLD.{name}" for name in FACTS),
            message="what is known of a file stays as it is",
        ),
        refuse(
            "projects_attachment_removed_stays",
            table="projects_attachment",
            event="UPDATE",
            when="OLD.removed_at IS NOT NULL AND (NEW.removed_at IS NULL OR NEW.removed_at <> OLD.removed_at)",
            message="a removed file does not come back",
        ),
        refuse(
            "projects_attachment_held",
            table="projects_attachment",
            event="UPDATE",
            when=f"OLD.file <> NEW.file AND {STANDS}",
            message="a legal hold stands: no file is removed",
        ),
        refuse(
            "projects_legalhold_row_stays",
            table="projects_legalhold",
            event="DELETE",
            message="a legal hold stays on record",
        ),
        refuse(
            "projects_legalhold_words_stay",
            table="projects_legalhold",
            event="UPDATE",
            when="OLD.lifted_at IS NOT NULL OR NEW.reason <> OLD.reason OR NEW.project_id <> OLD.project_id "
            "OR NEW.placed_by_id <> OLD.placed_by_id OR NEW.placed_at <> OLD.placed_at",
            message="what was said of a legal hold stays as it is",
        ),
    ]
