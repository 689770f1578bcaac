from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0030_proposed_logos")]

    operations = [
        migrations.AlterField(
            model_name="savedfilter",
            name="listing",
            field=models.CharField(
                choices=[
                    ("people", "People and mandates"),
                    ("applications", "Membership applications"),
                    ("audit", "Audit log"),
                ],
                max_length=20,
            ),
        ),
    ]
