import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_message_search")]

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
    ]
