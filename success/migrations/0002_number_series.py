from django.db import migrations

from projects.series import carry_on


class Migration(migrations.Migration):
    dependencies = [
        ("success", "0001_initial"),
        ("projects", "0003_number_series"),
    ]

    operations = [carry_on("success", "MonitoredSystem")]
