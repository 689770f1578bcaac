from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0023_languages_of_network")]

    operations = [
        migrations.AddField("institution", "facts_version", models.PositiveIntegerField(default=0)),
    ]
