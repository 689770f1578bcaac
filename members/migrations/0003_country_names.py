from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0002_reader_preferences")]

    operations = [
        migrations.CreateModel(
            name="CountryName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=2, unique=True)),
                ("names", models.JSONField(default=dict)),
                ("is_on_map", models.BooleanField(default=True)),
                ("note", models.TextField(blank=True)),
            ],
        ),
    ]
