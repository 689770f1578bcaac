from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0003_country_names")]

    operations = [
        migrations.AddField("institution", "descriptions", models.JSONField(default=dict)),
        migrations.AddField("institution", "description_states", models.JSONField(default=dict)),
    ]
