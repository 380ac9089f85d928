"""For migrations: number series that carry on after the rows there are."""

from django.db import migrations
from django.db.models import Max


def carry_on(app_label: str, *model_names: str) -> migrations.RunPython:
    """Return the migration step that begins a series per project and model after the highest number in use."""

    def begin(apps, schema_editor):
        series = apps.get_model("projects", "NumberSeries")
        for name in model_names:
            model = apps.get_model(app_label, name)
            highest = model.objects.order_by().values_list("project_id").annotate(highest=Max("number"))
            series.objects.bulk_create(
                series(project_id=project_id, kind=f"{app_label}.{name.lower()}", last=last)
                for project_id, last in highest
            )

    def forget(apps, schema_editor):
        kinds = [f"{app_label}.{name.lower()}" for name in model_names]
        apps.get_model("projects", "NumberSeries").objects.filter(kind__in=kinds).delete()

    return migrations.RunPython(begin, forget)
