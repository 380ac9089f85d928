from django.db import migrations
from django.db.models import Max


def begin(apps, schema_editor):
    series = apps.get_model("projects", "NumberSeries")
    requests = apps.get_model("signing", "SignatureRequest").objects.order_by()
    series.objects.bulk_create(
        series(project_id=project_id, kind=f"signing.{kind}", last=last)
        for project_id, kind, last in requests.values_list("project_id", "kind").annotate(last=Max("sequence"))
    )


def forget(apps, schema_editor):
    apps.get_model("projects", "NumberSeries").objects.filter(kind__startswith="signing.").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("signing", "0003_request_states"),
        ("projects", "0003_number_series"),
    ]

    operations = [migrations.RunPython(begin, forget)]
