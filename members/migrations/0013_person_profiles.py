import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

# Names in Arabic letters stand in their own column (members/names.py).
MOVE = r"""
    UPDATE members_user SET name_arabic = name_latin, name_latin = ''
    WHERE name_latin ~ '[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]'
"""
NAME = "UPDATE members_user SET name_latin = split_part(email, '@', 1) WHERE name_latin = ''"
BACK = "UPDATE members_user SET name_latin = name_arabic WHERE name_latin = ''"
PROTECT = django.db.models.deletion.PROTECT
PERSON = settings.AUTH_USER_MODEL


def key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def named(to, on_delete=PROTECT, related_name="+", **options):
    return models.ForeignKey(to, on_delete=on_delete, related_name=related_name, **options)


class Migration(migrations.Migration):
    dependencies = [("members", "0012_reviews"), ("records", "0002_audit_filters")]

    operations = [
        migrations.RenameField("user", "name", "name_latin"),
        migrations.AlterField("user", "name_latin", models.CharField(blank=True, max_length=150)),
        migrations.AddField(
            "user",
            "name_arabic",
            models.CharField(blank=True, default="", max_length=150),
            preserve_default=False,
        ),
        migrations.RunSQL(NAME, migrations.RunSQL.noop),
        migrations.RunSQL(MOVE, BACK),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=~Q(name_arabic="", name_latin=""), name="user_has_a_name"
            ),
        ),
        migrations.CreateModel(
            "PersonProfile",
            [
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="profile",
                        serialize=False,
                        to=PERSON,
                    ),
                ),
                ("forms_of_address", models.JSONField(default=dict)),
                ("positions", models.JSONField(default=dict)),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("visibility", models.JSONField(default=dict)),
                ("photo", named("records.storedfile", blank=True, null=True)),
            ],
        ),
        migrations.AddField("mandate", "suspended_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("mandate", "suspension_reason", models.TextField(blank=True)),
        migrations.AddField(
            "mandate",
            "succeeds",
            named("members.mandate", related_name="successors", blank=True, null=True),
        ),
        migrations.AddConstraint(
            "mandate",
            models.CheckConstraint(
                condition=Q(suspended_at=None, suspension_reason="")
                | (Q(suspended_at__isnull=False) & ~Q(suspension_reason="")),
                name="mandate_is_suspended_for_a_reason",
            ),
        ),
        migrations.AddField(
            "invitation", "succeeds", named("members.mandate", blank=True, null=True)
        ),
        migrations.CreateModel(
            "AppointmentLetter",
            [
                ("id", key()),
                ("name", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("file", named("records.storedfile")),
                ("mandate", named("members.mandate", related_name="letters")),
                ("recorded_by", named(PERSON)),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddConstraint(
            "appointmentletter",
            models.UniqueConstraint(fields=["mandate", "file"], name="letter_is_kept_once"),
        ),
        migrations.CreateModel(
            "KnownBrowser",
            [
                ("id", key()),
                ("digest", models.CharField(max_length=64)),
                ("browser", models.CharField(blank=True, max_length=100)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    named(
                        PERSON,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="known_browsers",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "knownbrowser",
            models.UniqueConstraint(fields=["user", "digest"], name="browser_is_known_once"),
        ),
    ]
