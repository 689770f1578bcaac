import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0029_reviews"), ("records", "0002_audit_filters")]

    operations = [
        migrations.AddField("profileproposal", "changes_logo", models.BooleanField(default=False)),
        migrations.AddField(
            "profileproposal",
            "logo",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.storedfile",
            ),
        ),
        migrations.AddConstraint(
            "profileproposal",
            models.CheckConstraint(
                condition=models.Q(("changes_logo", True), ("logo", None), _connector="OR"),
                name="proposed_logo_changes_it",
            ),
        ),
    ]
