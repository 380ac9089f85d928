from django.db import migrations

STEP = ("position", "action", "test_data", "expected")


def keep_present_versions(apps, schema_editor):
    """Keep what every case says now; who wrote it, and when, is known of a first version only."""
    cases, versions = apps.get_model("quality", "TestCase"), apps.get_model("quality", "CaseVersion")
    kept = []
    for case in cases.objects.prefetch_related("steps").iterator(chunk_size=500):
        is_first = case.version == 1
        steps = sorted(case.steps.all(), key=lambda step: step.position)
        kept.append(
            versions(
                case=case,
                number=case.version,
                title=case.title,
                preconditions=case.preconditions,
                steps=[{name: getattr(step, name) for name in STEP} for step in steps],
                written_by_id=case.created_by_id if is_first else None,
                written_at=case.created_at if is_first else None,
            )
        )
    versions.objects.bulk_create(kept, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("quality", "0009_case_versions")]

    operations = [migrations.RunPython(keep_present_versions, migrations.RunPython.noop)]
