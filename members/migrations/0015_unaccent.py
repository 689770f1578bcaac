from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Names are sorted without their accents."""

    dependencies = [("members", "0014_saved_filters")]
    operations = [UnaccentExtension()]
