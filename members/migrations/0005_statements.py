from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0004_institution_profile")]

    operations = [
        migrations.AddField(
            "institution", "statements_need_release", models.BooleanField(default=False)
        ),
        migrations.AddField("mandate", "may_issue_statements", models.BooleanField(default=False)),
    ]
