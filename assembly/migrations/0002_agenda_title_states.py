from django.db import migrations, models


def keep_published(apps, schema_editor):
    """Titles from before states were known are read by everyone: they are final."""
    items = apps.get_model("assembly", "AgendaItem").objects
    for item in items.all():
        states = {code: "final" for code, title in item.titles.items() if title}
        items.filter(pk=item.pk).update(title_states=states)


class Migration(migrations.Migration):
    dependencies = [("assembly", "0001_initial")]

    operations = [
        migrations.AddField("agendaitem", "title_states", models.JSONField(default=dict)),
        migrations.RunPython(keep_published, migrations.RunPython.noop),
    ]
