from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0021_scheduled_files")]

    operations = [
        migrations.AddField(
            model_name="room",
            name="is_of_all",
            field=models.BooleanField(default=False),
        ),
    ]
