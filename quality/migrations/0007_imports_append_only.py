from django.db import migrations

from common.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("quality", "0006_result_imports")]

    operations = [append_only("quality_importedtimes"), append_only("quality_importedfindings")]
