import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0006_gates_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "audience",
                    models.CharField(
                        choices=[("team", "Team only"), ("customer", "Team and customer")],
                        default="team",
                        max_length=20,
                        verbose_name="for",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Being made"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("expired", "Expired"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("requested_at", models.DateTimeField(auto_now_add=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="attempts")),
                ("touched_at", models.DateTimeField(editable=False, null=True, verbose_name="last sign of its worker")),
                ("percent", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="progress")),
                ("file", models.FileField(blank=True, editable=False, max_length=200, upload_to="")),
                ("size", models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size")),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("files", models.PositiveIntegerField(default=0, editable=False, verbose_name="files")),
                ("made_at", models.DateTimeField(editable=False, null=True, verbose_name="made at")),
                ("expires_at", models.DateTimeField(editable=False, null=True, verbose_name="kept until")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exports", to="projects.project"
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "export of the evidence",
                "ordering": ["-requested_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["running", "waiting"])),
                        fields=("project", "audience"),
                        name="projects_evidenceexport_one_under_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("expires_at__isnull", False),
                                ("made_at__isnull", False),
                                ("state__in", ["expired", "ready"]),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state__in", ["expired", "ready"]), _negated=True),
                                ("expires_at", None),
                                ("made_at", None),
                                ("sha256", ""),
                            ),
                            _connector="OR",
                        ),
                        name="projects_evidenceexport_making_matches_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), models.Q(("file", ""), _negated=True)),
                            models.Q(models.Q(("state", "ready"), _negated=True), ("file", "")),
                            _connector="OR",
                        ),
                        name="projects_evidenceexport_file_matches_state",
                    ),
                ],
            },
        ),
    ]
