from django.db import migrations

from common.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("requirements", "0001_initial")]

    operations = [append_only("requirements_baselineobjective"), append_only("requirements_baselineitem")]
