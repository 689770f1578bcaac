from django.db import migrations, models

TOLD = """
UPDATE assembly_agendaitem SET released_at = poll.certified_at
FROM assembly_poll poll
WHERE poll.agenda_item_id = assembly_agendaitem.id AND poll.state = 'certified'
"""


class Migration(migrations.Migration):
    dependencies = [("assembly", "0003_meeting_room")]

    operations = [
        migrations.AddField(
            model_name="agendaitem",
            name="deferred_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="released_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="meeting",
            name="holds_results",
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
    ]
