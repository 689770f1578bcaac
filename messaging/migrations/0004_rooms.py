import django.db.models.deletion
from django.db import migrations, models


def _to(model: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model
    )


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_room_indexes"),
        ("members", "0004_institution_profile"),
    ]

    operations = [
        migrations.AlterField(
            model_name="room",
            name="group",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="members.group",
            ),
        ),
        migrations.AlterField(
            model_name="record",
            name="kind",
            field=models.CharField(
                choices=[
                    ("room.opened", "room opened"),
                    ("participant.added", "participant added"),
                    ("participant.removed", "participant removed"),
                    ("participant.changed", "role of a participant changed"),
                    ("room.locked", "room locked"),
                    ("room.unlocked", "room unlocked"),
                    ("room.slowed", "slow mode changed"),
                    ("room.archived", "room archived"),
                    ("room.reopened", "room reopened"),
                    ("room.changed", "title and purpose of the room changed"),
                    ("message.posted", "message posted"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="room",
            name="kind",
            field=models.CharField(
                choices=[
                    ("group", "group room"),
                    ("plenary", "plenary"),
                    ("announcements", "announcements"),
                    ("bilateral", "bilateral room"),
                    ("meeting", "meeting room"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="room", name="is_locked", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="room",
            name="slow_seconds",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "off"),
                    (30, "one message every 30 seconds"),
                    (120, "one message every 2 minutes"),
                    (600, "one message every 10 minutes"),
                ],
                default=0,
            ),
        ),
        migrations.AddField(
            model_name="room",
            name="archived_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="room",
            name="pair",
            field=models.CharField(blank=True, default="", max_length=50),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(
                condition=models.Q(("pair", ""), _negated=True) & models.Q(("archived_at", None)),
                fields=("kind", "pair"),
                name="one_open_room_of_a_pair",
            ),
        ),
        migrations.CreateModel(
            name="BilateralInvitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pair", models.CharField(max_length=50)),
                ("note", models.TextField()),
                ("language", models.CharField(max_length=10)),
                ("with_office", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waits for an answer"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", _to("members.mandate", null=True)),
                ("by", _to("members.institution")),
                ("invited_by", _to("members.mandate")),
                (
                    "room",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="messaging.room",
                    ),
                ),
                ("to", _to("members.institution")),
            ],
        ),
        migrations.AddConstraint(
            model_name="bilateralinvitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")),
                fields=("pair",),
                name="pair_invited_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="bilateralinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("by", models.F("to")), _negated=True),
                name="bilateral_of_two_institutions",
            ),
        ),
    ]
