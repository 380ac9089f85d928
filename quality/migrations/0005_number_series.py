from django.db import migrations

from projects.series import carry_on


class Migration(migrations.Migration):
    dependencies = [
        ("quality", "0004_names"),
        ("projects", "0003_number_series"),
    ]

    operations = [carry_on("quality", "TestCase", "TestRun", "Defect")]
