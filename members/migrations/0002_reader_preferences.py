from django.db import migrations, models

from records.folding import fold


def fold_names(apps, schema_editor):
    users = apps.get_model("members", "User").objects
    for user in users.all():
        users.filter(pk=user.pk).update(search_text=fold(user.name))


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="digits",
            field=models.CharField(
                blank=True,
                choices=[
                    ("european", "European: 0123456789"),
                    ("arabic_indic", "Arabic-Indic: ٠١٢٣٤٥٦٧٨٩"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="search_text",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="user",
            name="shows_hijri",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="user",
            name="theme",
            field=models.CharField(
                blank=True, choices=[("light", "light"), ("dark", "dark")], max_length=10
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="language",
            field=models.CharField(max_length=10),
        ),
        migrations.AlterField(
            model_name="user",
            name="language",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
    ]
