import django.db.models.deletion
from django.db import migrations, models

# The class that was put to the vote until now is the one that was sought.
CLASS = """
UPDATE assembly_agendaitem item SET membership_class = application.membership_class
FROM members_application application WHERE item.application_id = application.id
"""
# Of applications that are before a meeting now; what was advised before is known of no other.
ADVISED = """
UPDATE assembly_agendaitem item
SET recommendation = application.recommendation,
    is_recommended = (
        SELECT entry.act = 'application.recommended' FROM records_auditentry entry
        WHERE entry.object_type = 'members.application'
          AND entry.object_id = application.id
          AND entry.act IN ('application.recommended', 'application.not_recommended')
        ORDER BY entry.number DESC
        LIMIT 1
    )
FROM members_application application
WHERE item.application_id = application.id
  AND application.state = 'on_agenda' AND item.released_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assembly", "0004_results_held"),
        ("members", "0023_languages_of_network"),
        ("records", "0002_audit_filters"),
    ]

    operations = [
        migrations.AddField(
            "agendaitem", "is_recommended", models.BooleanField(blank=True, null=True)
        ),
        migrations.AddField(
            "agendaitem",
            "recommendation",
            models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "agendaitem",
            "membership_class",
            models.CharField(
                blank=True,
                choices=[
                    ("full", "full member"),
                    ("associate", "associate member"),
                    ("observer", "observer"),
                ],
                default="",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "agendaitem",
            "class_reason",
            models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="ItemDossier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("asked_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.storedfile",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dossiers",
                        to="assembly.agendaitem",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "language"), name="item_dossier_once")
                ]
            },
        ),
        migrations.RunSQL(CLASS, migrations.RunSQL.noop),
        migrations.RunSQL(ADVISED, migrations.RunSQL.noop),
    ]
