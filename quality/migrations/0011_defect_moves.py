import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0003_number_series"),
        ("quality", "0010_keep_case_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DefectMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        choices=[
                            ("fix", "Mark as fixed"),
                            ("decline", "Decline"),
                            ("defer", "Defer"),
                            ("duplicate", "Mark as duplicate"),
                            ("close", "Close"),
                            ("reopen", "Reopen"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("open", "Open, to be fixed"),
                            ("deferred", "Deferred"),
                            ("fixed", "Fixed, to be retested"),
                            ("declined", "Declined, to be confirmed"),
                            ("duplicate", "Duplicate"),
                            ("closed", "Closed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("open", "Open, to be fixed"),
                            ("deferred", "Deferred"),
                            ("fixed", "Fixed, to be retested"),
                            ("declined", "Declined, to be confirmed"),
                            ("duplicate", "Duplicate"),
                            ("closed", "Closed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=2000)),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "move of a defect",
                "verbose_name_plural": "moves of defects",
                "ordering": ["defect", "pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="defect",
            name="quality_defect_fixing_matches_state",
        ),
        migrations.RemoveConstraint(
            model_name="defect",
            name="quality_defect_closing_matches_state",
        ),
        migrations.AddField(
            model_name="defect",
            name="deferred_until",
            field=models.DateField(editable=False, null=True, verbose_name="deferred until"),
        ),
        migrations.AddField(
            model_name="defect",
            name="duplicate_of",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="duplicates",
                to="quality.defect",
                verbose_name="duplicate of",
            ),
        ),
        migrations.AlterField(
            model_name="defect",
            name="build",
            field=models.CharField(blank=True, max_length=60, verbose_name="found in build"),
        ),
        migrations.AlterField(
            model_name="defect",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Open, to be fixed"),
                    ("deferred", "Deferred"),
                    ("fixed", "Fixed, to be retested"),
                    ("declined", "Declined, to be confirmed"),
                    ("duplicate", "Duplicate"),
                    ("closed", "Closed"),
                ],
                default="open",
                editable=False,
                max_length=20,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="defect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("fixed_at__isnull", False), ("fixed_by__isnull", False), ("state__in", ["fixed", "closed"])
                    ),
                    models.Q(
                        models.Q(("state", "fixed"), _negated=True),
                        ("fixed_at", None),
                        ("fixed_by", None),
                        ("fixed_in", ""),
                    ),
                    _connector="OR",
                ),
                name="quality_defect_fixing_matches_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="defect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("state__in", ["closed", "duplicate"]),
                    ),
                    models.Q(
                        models.Q(("state__in", ["closed", "duplicate"]), _negated=True),
                        ("closed_at", None),
                        ("closed_by", None),
                    ),
                    _connector="OR",
                ),
                name="quality_defect_closing_matches_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="defect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deferred_until__isnull", False), ("state", "deferred")),
                    models.Q(models.Q(("state", "deferred"), _negated=True), ("deferred_until", None)),
                    _connector="OR",
                ),
                name="quality_defect_deferral_matches_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="defect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("duplicate_of__isnull", False), ("state", "duplicate")),
                    models.Q(models.Q(("state", "duplicate"), _negated=True), ("duplicate_of", None)),
                    _connector="OR",
                ),
                name="quality_defect_duplicate_matches_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="defect",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "deferred", "fixed", "declined", "duplicate", "closed"])),
                name="quality_defect_state_is_known",
            ),
        ),
        migrations.AddField(
            model_name="defectmove",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="defectmove",
            name="defect",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="quality.defect"
            ),
        ),
        migrations.AddIndex(
            model_name="defectmove",
            index=models.Index(fields=["defect", "at"], name="quality_defectmove_at"),
        ),
        migrations.AddConstraint(
            model_name="defectmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name__in", ["decline", "defer", "reopen"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="quality_defectmove_reason_is_given",
            ),
        ),
    ]
