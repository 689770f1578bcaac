from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0020_pictures")]

    operations = [
        migrations.AddField("networkversion", "languages", models.JSONField(default=list)),
    ]
