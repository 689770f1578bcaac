from django.db import migrations, models

STATES = [
    ("draft", "draft"),
    ("submitted", "submitted"),
    ("under_review", "under review"),
    ("information_requested", "information requested"),
    ("recommended", "recommended"),
    ("not_recommended", "not recommended"),
    ("on_agenda", "on the agenda"),
    ("admitted", "admitted"),
    ("deferred", "deferred"),
    ("declined", "declined"),
    ("charter_signed", "charter signed"),
    ("active", "active"),
    ("withdrawn", "withdrawn"),
    ("lapsed", "admission lapsed"),
]
ACTS = [
    ("class_change", "change of class"),
    ("suspension", "suspension"),
    ("reinstatement", "reinstatement"),
    ("withdrawal", "withdrawal"),
    ("candidacy_end", "end of the candidacy"),
]


class Migration(migrations.Migration):
    dependencies = [("members", "0026_institution_facts")]

    operations = [
        migrations.AddField("application", "ended_because", models.TextField(blank=True)),
        migrations.AlterField(
            "application",
            "state",
            models.CharField(choices=STATES, default="draft", max_length=30),
        ),
        migrations.AlterField(
            "membership", "act", models.CharField(blank=True, choices=ACTS, max_length=20)
        ),
    ]
