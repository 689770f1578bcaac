import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0004_rooms"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="message",
            name="deletion",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="messaging.record",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="reply_to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replies",
                to="messaging.message",
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
                    ("message.edited", "message edited"),
                    ("message.deleted", "message deleted"),
                ],
                max_length=30,
            ),
        ),
    ]
