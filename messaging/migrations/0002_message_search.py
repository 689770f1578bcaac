from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from records.folding import fold

BATCH = 1000


def fold_bodies(apps, schema_editor):
    messages = apps.get_model("messaging", "Message").objects
    last = 0
    while batch := list(messages.filter(pk__gt=last).order_by("pk").only("body")[:BATCH]):
        for message in batch:
            message.search_text = fold(message.body)
        messages.bulk_update(batch, ["search_text"])
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0001_initial"),
    ]

    operations = [
        TrigramExtension(),
        migrations.AddField(
            model_name="message",
            name="search_text",
            field=models.TextField(default="", editable=False),
        ),
        migrations.RunPython(fold_bodies, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="message",
            index=GinIndex(
                fields=["search_text"], name="message_search", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
