"""A mention that an edit has made is of the edit's record: before, all were of the message's."""

from django.db import migrations, models


def name_the_record(apps, schema_editor):
    record = apps.get_model("messaging", "Record")
    mention = apps.get_model("messaging", "Mention")
    edits = record.objects.filter(kind="message.edited", detail__has_key="mentions")
    for message in edits.order_by().values_list("message", flat=True).distinct():
        first: dict[int, int] = {}
        said = record.objects.filter(message=message, detail__has_key="mentions").order_by("seq")
        for seq, mentions in said.values_list("seq", "detail__mentions"):
            for people in mentions:
                for user in people:
                    first.setdefault(user, seq)
        for user, seq in first.items():
            mention.objects.filter(message=message, user=user).exclude(seq=seq).update(seq=seq)


class Migration(migrations.Migration):
    dependencies = [("messaging", "0019_erasure_of_reasons")]

    operations = [
        migrations.AddField("room", "last_called_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(name_the_record, migrations.RunPython.noop),
    ]
