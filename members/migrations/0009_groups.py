import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

ROLES = [("chair", "chair"), ("member", "member"), ("observer", "observer")]
STATES = [
    ("pending", "waits for an answer"),
    ("accepted", "accepted"),
    ("declined", "declined"),
    ("withdrawn", "withdrawn"),
]


def named(to, on_delete=django.db.models.deletion.PROTECT, **options):
    return models.ForeignKey(to, on_delete=on_delete, **{"related_name": "+", **options})


class Migration(migrations.Migration):
    dependencies = [("members", "0008_profiles_and_fields")]

    operations = [
        migrations.AddField("group", "mandate_texts", models.JSONField(default=dict)),
        migrations.AddField("group", "mandate_states", models.JSONField(default=dict)),
        migrations.AddField("group", "starts_on", models.DateField(blank=True, null=True)),
        migrations.AddField("group", "ends_on", models.DateField(blank=True, null=True)),
        migrations.AddField("group", "secretariat_chairs", models.BooleanField(default=False)),
        migrations.AddField("group", "closed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("group", "closing_reason", models.TextField(blank=True)),
        migrations.AddConstraint(
            "group",
            models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None),
                    ("starts_on", None),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="group_ends_after_start",
            ),
        ),
        migrations.RemoveConstraint("groupmember", "group_member_once"),
        migrations.AddField(
            "groupmember", "representative", named("members.mandate", blank=True, null=True)
        ),
        # Since when those have their place who are there already was never written down.
        migrations.AddField("groupmember", "since", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField(
            "groupmember",
            "since",
            models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True),
        ),
        migrations.AddField("groupmember", "until", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            "groupmember",
            models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("group", "institution"),
                name="group_member_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            "groupmember",
            models.CheckConstraint(
                condition=models.Q(
                    ("until", None),
                    ("since", None),
                    ("until__gte", models.F("since")),
                    _connector="OR",
                ),
                name="group_member_ends_after_start",
            ),
        ),
        migrations.CreateModel(
            name="JoinRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(choices=ROLES, default="member", max_length=20)),
                ("words", models.TextField()),
                ("state", models.CharField(choices=STATES, default="pending", max_length=10)),
                ("reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "group",
                    named(
                        "members.group",
                        django.db.models.deletion.CASCADE,
                        related_name="requests",
                    ),
                ),
                ("institution", named("members.institution")),
                ("asked_by", named("members.mandate")),
                ("answered_by", named("members.mandate", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("group", "institution"),
                        name="group_asked_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role", "chair"), _negated=True),
                        name="nobody_asks_to_chair_a_group",
                    ),
                ]
            },
        ),
    ]
