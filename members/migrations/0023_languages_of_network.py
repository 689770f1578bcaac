from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0022_sort_keys")]

    operations = [
        migrations.AddField("networkversion", "languages", models.JSONField(default=list)),
    ]
