from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0025_groups")]

    operations = [
        migrations.AddField("institution", "facts_version", models.PositiveIntegerField(default=0)),
    ]
