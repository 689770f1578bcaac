import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from members.enums import ApplicationState

# What is kept was told, unless its question stands before an assembly now. Of a deferral whose
# review goes on, nobody has noted the moment: the terms were last written shortly before.
_TOLD = """
UPDATE members_decisionterms AS terms
SET state = CASE
        WHEN asked.state = 'declined' THEN 'declined'
        WHEN asked.state IN ('admitted', 'charter_signed', 'active', 'lapsed') THEN 'admitted'
        WHEN asked.institution_id IS NOT NULL THEN 'admitted'
        ELSE 'deferred'
    END,
    explanation = asked.decision,
    told_at = CASE
        WHEN asked.state = 'deferred' THEN asked.state_since
        ELSE coalesce(asked.decided_at, terms.at)
    END
FROM members_application AS asked
WHERE asked.id = terms.application_id
    AND asked.decision <> '{}'::jsonb
    AND asked.state <> 'on_agenda'
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0027_ended_applications")]

    operations = [
        migrations.AlterField(
            "decisionterms",
            "application",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="terms",
                to="members.application",
            ),
        ),
        migrations.AlterField(
            "decisionterms",
            "by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "decisionterms",
            "state",
            models.CharField(blank=True, choices=ApplicationState.choices, max_length=30),
        ),
        migrations.AddField("decisionterms", "explanation", models.JSONField(default=dict)),
        migrations.AddField(
            "decisionterms", "told_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunSQL(_TOLD, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "decisionterms",
            models.UniqueConstraint(
                condition=models.Q(("told_at", None)),
                fields=("application",),
                name="one_decision_in_preparation",
            ),
        ),
    ]
