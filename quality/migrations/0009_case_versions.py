import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from common.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("quality", "0008_criterion_label"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("preconditions", models.TextField(blank=True, verbose_name="preconditions")),
                ("steps", models.JSONField(default=list, verbose_name="steps")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="quality.testcase"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                ("written_at", models.DateTimeField(null=True, verbose_name="written at")),
            ],
            options={
                "verbose_name": "version of a test case",
                "verbose_name_plural": "versions of test cases",
                "ordering": ["case", "number"],
            },
        ),
        migrations.AddField(
            model_name="testcase",
            name="scenario",
            field=models.CharField(
                choices=[
                    ("normal", "Normal course"),
                    ("network_cut", "Network cut"),
                    ("wrong_data", "Wrong data"),
                    ("double_submit", "Sent twice"),
                    ("no_rights", "No rights"),
                ],
                default="normal",
                max_length=20,
                verbose_name="situation",
            ),
        ),
        migrations.AlterField(
            model_name="testcase",
            name="kind",
            field=models.CharField(
                choices=[
                    ("uat", "User acceptance"),
                    ("functional", "Functional"),
                    ("unit", "Unit"),
                    ("integration", "Integration"),
                    ("regression", "Regression"),
                    ("performance", "Performance"),
                    ("security", "Security"),
                    ("accessibility", "Accessibility"),
                ],
                default="uat",
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="testcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scenario__in", ["normal", "network_cut", "wrong_data", "double_submit", "no_rights"])
                ),
                name="quality_testcase_scenario_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseversion",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="quality_caseversion_number_is_unique"),
        ),
        migrations.AddConstraint(
            model_name="caseversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="quality_caseversion_number_is_positive"
            ),
        ),
        append_only("quality_caseversion"),
    ]
