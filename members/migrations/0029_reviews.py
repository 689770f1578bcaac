from django.db import migrations, models

ADMITTED = """
UPDATE members_application SET admitted_class = membership_class
WHERE state IN ('admitted', 'charter_signed', 'active')
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0028_terms_of_each_decision")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="proposed_class",
            field=models.CharField(
                blank=True,
                choices=[
                    ("full", "full member"),
                    ("associate", "associate member"),
                    ("observer", "observer"),
                ],
                default="",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="application",
            name="proposed_class_reason",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="application",
            name="admitted_class",
            field=models.CharField(
                blank=True,
                choices=[
                    ("full", "full member"),
                    ("associate", "associate member"),
                    ("observer", "observer"),
                ],
                default="",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(proposed_class="") | ~models.Q(proposed_class_reason=""),
                name="proposed_class_has_reason",
            ),
        ),
        migrations.AddField(
            model_name="reviewer",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="reviewer",
            name="reminded_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.RunSQL(ADMITTED, migrations.RunSQL.noop),
    ]
