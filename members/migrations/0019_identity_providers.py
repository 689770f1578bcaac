import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    dependencies = [("members", "0018_network_texts")]

    operations = [
        migrations.AddField("user", "is_staff", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="IdentityProvider",
            fields=[
                ("id", key()),
                ("issuer", models.CharField(max_length=300)),
                ("client_id", models.CharField(max_length=190)),
                ("sealed_secret", models.TextField()),
                ("is_on", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "institution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_provider",
                        to="members.institution",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IdentityDomain",
            fields=[
                ("id", key()),
                ("domain", models.CharField(max_length=253, unique=True)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="domains",
                        to="members.identityprovider",
                    ),
                ),
            ],
        ),
    ]
