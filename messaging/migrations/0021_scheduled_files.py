import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0020_late_mentions")]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="scheduled",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="messaging.scheduledmessage",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(message=None) | models.Q(scheduled=None),
                name="file_of_one_message",
            ),
        ),
    ]
