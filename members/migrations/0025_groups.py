import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Places and requests of institutions whose membership has ended already: from now on both end with
# it.
END_PLACES = """
UPDATE members_groupmember AS place
SET until = greatest(coalesce(place.since, '-infinity'), coalesce(standing.since::timestamp AT TIME ZONE 'UTC', now()))
FROM members_membership AS standing
WHERE standing.institution_id = place.institution_id
  AND standing.until IS NULL AND standing.state = 'withdrawn' AND place.until IS NULL
"""
END_REQUESTS = """
UPDATE members_joinrequest AS request
SET state = 'withdrawn', answered_at = now()
FROM members_membership AS standing
WHERE standing.institution_id = request.institution_id
  AND standing.until IS NULL AND standing.state = 'withdrawn' AND request.state = 'pending'
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0024_invitations_sent_again")]

    operations = [
        migrations.RunSQL(END_PLACES, migrations.RunSQL.noop),
        migrations.RunSQL(END_REQUESTS, migrations.RunSQL.noop),
        migrations.AddField("group", "version", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "group",
            "client_id",
            models.UUIDField(blank=True, editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            "groupdate", "client_id", models.UUIDField(blank=True, editable=False, null=True)
        ),
        migrations.AddConstraint(
            "groupdate",
            models.UniqueConstraint(fields=("group", "client_id"), name="group_date_set_once"),
        ),
        migrations.CreateModel(
            name="GroupVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("said", models.JSONField()),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="members.group",
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="members.mandate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("group", "number"), name="one_group_version")
                ],
            },
        ),
    ]
