import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

import projects.models.attachments


def tell_when_closed(apps, schema_editor):
    """Of a project that is closed already the trail says since when."""
    entries = apps.get_model("audit", "Entry").objects.filter(action="close", object_type="projects.project")
    for project in apps.get_model("projects", "Project").objects.filter(state="closed"):
        closing = entries.filter(object_id=str(project.pk)).order_by("-at").first()
        project.closed_at = closing.at if closing else timezone.now()
        project.save(update_fields=["closed_at"])


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
        ("accounts", "0003_letter_keys"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("projects", "0007_evidence_exports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("placed_at", models.DateTimeField(editable=False, verbose_name="placed at")),
                ("lifted_reason", models.CharField(blank=True, max_length=500, verbose_name="why it was lifted")),
                ("lifted_at", models.DateTimeField(editable=False, null=True, verbose_name="lifted at")),
            ],
            options={
                "verbose_name": "legal hold",
                "verbose_name_plural": "legal holds",
                "ordering": ["project", "-placed_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="attachment",
            name="removed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="file removed at"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="scan_finding",
            field=models.CharField(blank=True, editable=False, max_length=200, verbose_name="what the scanner found"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="scan_state",
            field=models.CharField(
                choices=[
                    ("off", "Not scanned: no scanner"),
                    ("waiting", "Not scanned yet"),
                    ("clean", "Nothing found"),
                    ("infected", "Quarantined"),
                ],
                default="off",
                editable=False,
                max_length=10,
                verbose_name="virus scan",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="closed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="closed at"),
        ),
        migrations.AddField(
            model_name="project",
            name="keep_months",
            field=models.PositiveSmallIntegerField(
                blank=True,
                editable=False,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1200),
                ],
                verbose_name="months to keep files after closing",
            ),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="file",
            field=models.FileField(
                blank=True, max_length=200, upload_to=projects.models.attachments.stored_name, verbose_name="file"
            ),
        ),
        migrations.RunPython(tell_when_closed, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("scan_state", "waiting")), fields=["id"], name="projects_attachment_unscanned"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("removed_at", None), models.Q(("file", ""), _negated=True)),
                    models.Q(("file", ""), ("removed_at__isnull", False)),
                    _connector="OR",
                ),
                name="projects_attachment_has_file_until_removed",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scan_state", "infected"), models.Q(("scan_finding", ""), _negated=True)),
                    models.Q(models.Q(("scan_state", "infected"), _negated=True), ("scan_finding", "")),
                    _connector="OR",
                ),
                name="projects_attachment_finding_matches_scan",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at", None)),
                    _connector="OR",
                ),
                name="projects_project_closing_matches_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("keep_months", None), ("keep_months__range", (1, 1200)), _connector="OR"),
                name="projects_project_keeps_a_month_at_least",
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="lifted_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="lifted by",
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="placed_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="placed by",
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="projects.project"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)),
                fields=("project",),
                name="projects_legalhold_one_stands_per_project",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="projects_legalhold_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at", None), ("lifted_by", None), ("lifted_reason", "")),
                    models.Q(
                        ("lifted_at__isnull", False),
                        ("lifted_by__isnull", False),
                        models.Q(("lifted_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="projects_legalhold_lifting_is_whole",
            ),
        ),
    ]
