from django.db import migrations

NOUNS = ("objective", "requirement", "baseline")


def begin(apps, schema_editor):
    """Carry on after the counters of the scope: they know of numbers whose rows are deleted."""
    series = apps.get_model("projects", "NumberSeries")
    series.objects.bulk_create(
        series(project_id=scope.project_id, kind=f"requirements.{noun}", last=getattr(scope, f"last_{noun}"))
        for scope in apps.get_model("requirements", "Scope").objects.all()
        for noun in NOUNS
    )


def give_back(apps, schema_editor):
    scopes = apps.get_model("requirements", "Scope").objects
    for noun in NOUNS:
        rows = apps.get_model("projects", "NumberSeries").objects.filter(kind=f"requirements.{noun}")
        for project_id, last in rows.values_list("project_id", "last"):
            scopes.update_or_create(project_id=project_id, defaults={f"last_{noun}": last})
        rows.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("requirements", "0003_words"),
        ("projects", "0003_number_series"),
    ]

    operations = [
        migrations.RunPython(begin, give_back),
        *(migrations.RemoveField(model_name="scope", name=f"last_{noun}") for noun in NOUNS),
    ]
