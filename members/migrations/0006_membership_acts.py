import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("members", "0005_statements"), ("records", "0001_initial")]

    operations = [
        migrations.AddField(
            "membership",
            "act",
            models.CharField(
                blank=True,
                choices=[
                    ("class_change", "change of class"),
                    ("suspension", "suspension"),
                    ("reinstatement", "reinstatement"),
                    ("withdrawal", "withdrawal"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField("membership", "decision", models.CharField(blank=True, max_length=300)),
        migrations.AddField(
            "membership", "recorded_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            "membership",
            "recorded_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "membership",
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="membership_ends_after_start",
            ),
        ),
        migrations.CreateModel(
            "MembershipDocument",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.storedfile",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="members.membership",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddConstraint(
            "membershipdocument",
            models.UniqueConstraint(
                fields=["membership", "file"], name="membership_document_is_kept_once"
            ),
        ),
    ]
