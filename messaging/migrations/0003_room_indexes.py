from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_message_search")]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="room",
            field=models.ForeignKey(
                db_index=False,
                on_delete=models.deletion.PROTECT,
                related_name="messages",
                to="messaging.room",
            ),
        ),
        migrations.AlterField(
            model_name="record",
            name="room",
            field=models.ForeignKey(
                db_index=False,
                on_delete=models.deletion.PROTECT,
                related_name="records",
                to="messaging.room",
            ),
        ),
    ]
