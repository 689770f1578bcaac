from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FATES = [
    ("ends", "ends"),
    ("stays", "goes on as a delegate"),
    ("begins", "begins"),
    ("returns", "is of the secretariat again"),
]
STATES = [("scheduled", "scheduled"), ("effective", "in effect"), ("cancelled", "cancelled")]


def days_become_moments(apps, schema_editor):
    zone = ZoneInfo(settings.NETWORK_TIME_ZONE)
    for term in apps.get_model("members", "Presidency").objects.all():
        term.starts_at = datetime.combine(term.starts_on, time(), zone)
        if term.ends_on:
            term.ends_at = datetime.combine(term.ends_on + timedelta(days=1), time(), zone)
        term.save(update_fields=["starts_at", "ends_at"])


def moments_become_days(apps, schema_editor):
    terms = list(apps.get_model("members", "Presidency").objects.order_by("starts_at"))
    days = days_of([(term.starts_at, term.ends_at) for term in terms])
    for term, (first, last) in zip(terms, days, strict=True):
        term.starts_on, term.ends_on = first, last
        term.save(update_fields=["starts_on", "ends_on"])


def days_of(terms):
    """First and last day of each, in their order. No day is of two terms: one in which the
    presidency passed on is of the next; of two that began on one day, the second begins later.
    """
    zone, day, found = ZoneInfo(settings.NETWORK_TIME_ZONE), timedelta(days=1), []
    for starts_at, ends_at in terms:
        first = starts_at.astimezone(zone).date()
        last = ends_at and (ends_at - timedelta(microseconds=1)).astimezone(zone).date()
        if found:
            before, until = found[-1]
            first = max(first, before + day)
            if until and until >= first:
                found[-1] = (before, first - day)
        found.append((first, last and max(first, last)))
    return found


def named(to, on_delete=django.db.models.deletion.PROTECT, **options):
    return models.ForeignKey(to, on_delete=on_delete, **{"related_name": "+", **options})


class Migration(migrations.Migration):
    dependencies = [("members", "0009_groups")]

    operations = [
        # Its order is by a column that goes.
        migrations.AlterModelOptions("presidency", {"verbose_name_plural": "presidencies"}),
        migrations.RemoveConstraint("presidency", "presidencies_do_not_overlap"),
        migrations.AddField("presidency", "starts_at", models.DateTimeField(null=True)),
        migrations.AddField("presidency", "ends_at", models.DateTimeField(blank=True, null=True)),
        # Nullable on the way, so that the way back can add it to terms that exist.
        migrations.AlterField("presidency", "starts_on", models.DateField(null=True)),
        migrations.RunPython(days_become_moments, moments_become_days),
        migrations.RemoveField("presidency", "starts_on"),
        migrations.RemoveField("presidency", "ends_on"),
        migrations.AlterField("presidency", "starts_at", models.DateTimeField()),
        migrations.AlterModelOptions(
            "presidency", {"ordering": ["starts_at"], "verbose_name_plural": "presidencies"}
        ),
        migrations.AddConstraint(
            "presidency",
            django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            "starts_at",
                            "ends_at",
                            function="TSTZRANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    )
                ],
                name="presidencies_do_not_overlap",
            ),
        ),
        migrations.AddConstraint(
            "presidency",
            models.CheckConstraint(
                condition=models.Q(
                    ("ends_at", None), ("ends_at__gt", models.F("starts_at")), _connector="OR"
                ),
                name="presidency_ends_after_start",
            ),
        ),
        migrations.CreateModel(
            "Handover",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("takes_effect_at", models.DateTimeField()),
                ("ended_before", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(choices=STATES, default="scheduled", max_length=20),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("scheduled_at", models.DateTimeField(auto_now_add=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                ("outgoing", named("members.presidency", related_name="handed_over")),
                (
                    "incoming",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received_by",
                        to="members.presidency",
                    ),
                ),
                ("institution", named("members.institution")),
                ("scheduled_by", named(settings.AUTH_USER_MODEL)),
                ("cancelled_by", named(settings.AUTH_USER_MODEL, blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            "HandoverMandate",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fate", models.CharField(choices=FATES, max_length=10)),
                ("ended_before", models.DateTimeField(blank=True, null=True)),
                (
                    "handover",
                    named(
                        "members.handover",
                        django.db.models.deletion.CASCADE,
                        related_name="mandates",
                    ),
                ),
                ("mandate", named("members.mandate", related_name="handovers")),
            ],
        ),
        migrations.AddConstraint(
            "handover",
            models.UniqueConstraint(
                condition=models.Q(("state", "scheduled")),
                fields=("state",),
                name="one_scheduled_handover",
            ),
        ),
        migrations.AddConstraint(
            "handover",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("cancelled_at__isnull", False), ("incoming", None), ("state", "cancelled")
                    ),
                    models.Q(
                        models.Q(("state", "cancelled"), _negated=True),
                        ("cancelled_at", None),
                        ("incoming__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="handover_has_a_term_unless_cancelled",
            ),
        ),
        migrations.AddConstraint(
            "handovermandate",
            models.UniqueConstraint(
                fields=("handover", "mandate"), name="one_fate_a_mandate_in_a_handover"
            ),
        ),
    ]
