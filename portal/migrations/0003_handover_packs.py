import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATES = [
    ("waiting", "waiting"),
    ("working", "being made"),
    ("ready", "ready"),
    ("failed", "failed"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_data_exports"),
        ("members", "0010_handovers"),
        ("records", "0002_audit_filters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            "HandoverPack",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("state", models.CharField(choices=STATES, default="waiting", max_length=10)),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.storedfile",
                    ),
                ),
                (
                    "handover",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pack",
                        to="members.handover",
                    ),
                ),
            ],
        ),
    ]
