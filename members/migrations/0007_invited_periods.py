from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("members", "0006_membership_acts")]

    operations = [
        migrations.AddField("invitation", "starts_on", models.DateField(blank=True, null=True)),
        migrations.AddField("invitation", "ends_on", models.DateField(blank=True, null=True)),
        migrations.AddConstraint(
            "invitation",
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="invitation_ends_after_start",
            ),
        ),
    ]
