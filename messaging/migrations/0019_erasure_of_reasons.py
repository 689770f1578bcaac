import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0018_erased_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="erasure",
            name="record",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="erasures",
                to="messaging.record",
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="report",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="erasures",
                to="messaging.report",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="erased_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="erasure",
            name="message",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="erasures",
                to="messaging.message",
            ),
        ),
        migrations.AlterField(
            model_name="record",
            name="kind",
            field=models.CharField(
                choices=[
                    ("room.opened", "room opened"),
                    ("participant.added", "participant added"),
                    ("participant.removed", "participant removed"),
                    ("participant.changed", "role of a participant changed"),
                    ("room.locked", "room locked"),
                    ("room.unlocked", "room unlocked"),
                    ("room.slowed", "slow mode changed"),
                    ("room.archived", "room archived"),
                    ("room.reopened", "room reopened"),
                    ("room.changed", "title and purpose of the room changed"),
                    ("message.posted", "message posted"),
                    ("message.edited", "message edited"),
                    ("message.deleted", "message deleted"),
                    ("statement.issued", "statement issued"),
                    ("corrigendum.issued", "corrigendum issued"),
                    ("opinion.asked", "opinion asked for"),
                    ("opinion.given", "opinion given"),
                    ("opinion.closed", "poll of opinion closed"),
                    ("message.pinned", "message pinned"),
                    ("message.unpinned", "message no longer pinned"),
                    ("reaction.added", "reaction added"),
                    ("reaction.removed", "reaction removed"),
                    ("acknowledgement.asked", "acknowledgement asked for"),
                    ("message.acknowledged", "message acknowledged"),
                    ("subject.opened", "subject opened"),
                    ("subject.renamed", "subject renamed"),
                    ("message.moved", "message moved to another subject"),
                    ("participant.muted", "participant muted"),
                    ("participant.unmuted", "participant no longer muted"),
                    ("text.erased", "text erased"),
                    ("reason.erased", "reason erased"),
                    ("retention.changed", "retention of the room changed"),
                    ("hold.placed", "legal hold placed"),
                    ("hold.lifted", "legal hold lifted"),
                    ("translation.attached", "translation attached"),
                    ("translation.removed", "translation removed"),
                    ("language.corrected", "language of the message corrected"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("record",),
                name="reason_erasure_asked_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("report",),
                name="report_erasure_asked_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("message__isnull", False), ("record", None), ("report", None)),
                    models.Q(("message", None), ("record__isnull", False), ("report", None)),
                    models.Q(("message", None), ("record", None), ("report__isnull", False)),
                    _connector="OR",
                ),
                name="erasure_of_one_text",
            ),
        ),
    ]
