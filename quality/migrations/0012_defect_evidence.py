from django.db import migrations

from common.triggers import append_only, refuse

DUPLICATES = (
    "NEW.duplicate_of_id IS NOT NULL AND (NEW.duplicate_of_id = NEW.id "
    "OR EXISTS (SELECT 1 FROM quality_defect AS named WHERE named.id = NEW.duplicate_of_id "
    "AND named.duplicate_of_id IS NOT NULL) "
    "OR EXISTS (SELECT 1 FROM quality_defect AS repeated WHERE repeated.duplicate_of_id = NEW.id))"
)


def read_moves_from_the_trail(apps, schema_editor):
    """Put the moves made so far on record, as the trail tells of them."""
    Entry, Defect, DefectMove = (
        apps.get_model(*name.split(".")) for name in ("audit.Entry", "quality.Defect", "quality.DefectMove")
    )
    known = {str(pk): pk for pk in Defect.objects.values_list("pk", flat=True)}
    entries = Entry.objects.filter(
        object_type="quality.defect", action__in=["fix", "close", "reopen"], actor__isnull=False
    )
    moves = []
    for entry in entries.order_by("pk").iterator():
        state = entry.changes.get("state")
        if entry.object_id in known and state:
            moves.append(
                DefectMove(
                    defect_id=known[entry.object_id],
                    name=entry.action,
                    source=state[0],
                    target=state[1],
                    reason=entry.facts.get("reason") or ("–" if entry.action == "reopen" else ""),
                    by_id=entry.actor_id,
                    at=entry.at,
                )
            )
    DefectMove.objects.bulk_create(moves, batch_size=500)


class Migration(migrations.Migration):
    """A later migration that alters quality_defect remakes the table on SQLite: it puts the two triggers back."""

    dependencies = [("audit", "0001_initial"), ("quality", "0011_defect_moves")]

    operations = [
        migrations.RunPython(read_moves_from_the_trail, migrations.RunPython.noop),
        append_only("quality_defectmove"),
        *(
            refuse(
                f"quality_defect_duplicate_{event.lower()}",
                table="quality_defect",
                event=event,
                message="quality_defect_duplicate_is_of_none: a duplicate names a defect that is none itself",
                when=DUPLICATES,
            )
            for event in ("INSERT", "UPDATE")
        ),
    ]
