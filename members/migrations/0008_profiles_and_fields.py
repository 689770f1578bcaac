import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_invited_periods"),
        ("records", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Field",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("names", models.JSONField(default=dict)),
                ("position", models.PositiveIntegerField()),
                ("is_retired", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "field of work",
                "verbose_name_plural": "fields of work",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AddField(
            model_name="institution",
            name="addresses",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="institution",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=3), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="institution",
            name="logo",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="institution",
            name="profile_version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="institution",
            name="short_names",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="institution",
            name="social_accounts",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="institution",
            name="telephone",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="institution",
            name="fields_of_work",
            field=models.ManyToManyField(
                blank=True, related_name="institutions", to="members.field"
            ),
        ),
        migrations.CreateModel(
            name="ProfileVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("profile", models.JSONField()),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="profile_versions",
                        to="members.institution",
                    ),
                ),
                (
                    "logo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.storedfile",
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="members.mandate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "number"), name="one_profile_version"
                    )
                ],
            },
        ),
    ]
