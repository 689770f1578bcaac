import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assembly", "0002_agenda_title_states"),
        ("messaging", "0022_room_of_all"),
    ]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="room",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="meeting",
                to="messaging.room",
            ),
        ),
    ]
