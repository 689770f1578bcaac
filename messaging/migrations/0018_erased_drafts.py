from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0017_mentions")]

    operations = [
        migrations.AddField("statementdraft", "erased_at", models.DateTimeField(null=True)),
    ]
