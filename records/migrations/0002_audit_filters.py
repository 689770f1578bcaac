from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["actor_id", "number"], name="audit_actor"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["mandate_id", "number"], name="audit_mandate"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["act", "number"], name="audit_act"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["at"], name="audit_at"),
        ),
    ]
