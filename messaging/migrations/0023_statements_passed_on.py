import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0023_languages_of_network"),
        ("messaging", "0022_room_of_all"),
    ]

    operations = [
        migrations.AddField(
            model_name="statementdraft",
            name="passed_to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.mandate",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementdraft",
            constraint=models.CheckConstraint(
                condition=models.Q(passed_to=None) | models.Q(state="returned"),
                name="draft_passed_on_is_returned",
            ),
        ),
    ]
