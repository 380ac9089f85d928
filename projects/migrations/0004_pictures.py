from django.conf import settings
from django.db import migrations, models

import projects.models.attachments

IMAGES = ["image/png", "image/jpeg", "image/webp"]


def wait_for_pictures(apps, schema_editor):
    """What was attached before gets its pictures by the sweep."""
    apps.get_model("projects", "Attachment").objects.filter(media_type__in=IMAGES).update(picture_state="waiting")


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("projects", "0003_number_series"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="display",
            field=models.FileField(
                blank=True,
                editable=False,
                max_length=200,
                upload_to=projects.models.attachments.picture_name,
                verbose_name="picture in pages",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="picture_state",
            field=models.CharField(
                choices=[
                    ("none", "No picture"),
                    ("waiting", "Being made"),
                    ("made", "Made"),
                    ("failed", "Cannot be read"),
                ],
                default="none",
                editable=False,
                max_length=10,
                verbose_name="state of the picture",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="thumbnail",
            field=models.FileField(
                blank=True,
                editable=False,
                max_length=200,
                upload_to=projects.models.attachments.picture_name,
                verbose_name="small picture",
            ),
        ),
        migrations.RunPython(wait_for_pictures, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("picture_state", "waiting")), fields=["id"], name="projects_attachment_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("picture_state", "made"),
                        models.Q(("thumbnail", ""), _negated=True),
                        models.Q(("display", ""), _negated=True),
                    ),
                    models.Q(models.Q(("picture_state", "made"), _negated=True), ("display", ""), ("thumbnail", "")),
                    _connector="OR",
                ),
                name="projects_attachment_pictures_match_state",
            ),
        ),
    ]
