from django.db import migrations

from common.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial")]

    operations = [append_only("quality_result"), append_only("quality_check")]
