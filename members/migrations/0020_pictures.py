import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

KEPT = ("profileversion", "profileproposal")


def one(to, name="+", on_delete=django.db.models.deletion.PROTECT, **more):
    return models.ForeignKey(on_delete=on_delete, related_name=name, to=to, **more)


def unset(to):
    return one(to, on_delete=django.db.models.deletion.SET_NULL, null=True)


def give_no_pictures(apps, schema_editor):
    for name in KEPT:
        for each in apps.get_model("members", name).objects.only("profile").iterator():
            each.profile["pictures"] = []
            each.save(update_fields=["profile"])


def take_no_pictures(apps, schema_editor):
    for name in KEPT:
        for each in apps.get_model("members", name).objects.only("profile").iterator():
            each.profile.pop("pictures", None)
            each.save(update_fields=["profile"])


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0019_identity_providers"),
        ("records", "0002_audit_filters"),
    ]

    operations = [
        migrations.AddField("institution", "pictures", models.JSONField(default=list)),
        migrations.CreateModel(
            name="InstitutionPicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "institution",
                    one(
                        "members.institution",
                        "pictures_kept",
                        django.db.models.deletion.CASCADE,
                    ),
                ),
                ("small", one("records.storedfile")),
                ("large", one("records.storedfile")),
                ("entry", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("added_by", unset(settings.AUTH_USER_MODEL)),
                ("mandate", unset("members.mandate")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "large"), name="one_picture_of_an_institution"
                    )
                ],
            },
        ),
        # Profiles of before there were pictures had none: so they are compared, and taken back.
        migrations.RunPython(give_no_pictures, take_no_pictures),
    ]
