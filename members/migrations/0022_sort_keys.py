import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform

import members.models.sorting

# Immutable, which `unaccent` is not said to be because its dictionary can be exchanged: whoever does
# that writes the names anew. The path is fixed so that a restored dump finds the extension.
FUNCTION = """
CREATE FUNCTION members_sort_names(names jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT coalesce(
        jsonb_object_agg(key, translate(unaccent(lower(value)), 'أإآٱىةؤئ', 'اااايهوي')), '{}'
    )
    FROM jsonb_each_text(names) WHERE value <> ''
$$
"""
DROP = "DROP FUNCTION members_sort_names(jsonb)"

JOINED = """
UPDATE members_membership SET joined_on = first.since
FROM (
    SELECT DISTINCT ON (institution_id) institution_id, since
    FROM members_membership WHERE state <> 'candidate' ORDER BY institution_id, id
) first
WHERE first.institution_id = members_membership.institution_id AND state <> 'candidate'
"""


def sort_names(names):
    return models.GeneratedField(
        db_persist=True,
        expression=members.models.sorting.SortNames(names),
        output_field=models.JSONField(),
    )


def by_name(model, of):
    for language in ("ar", "en", "fr"):
        codes = dict.fromkeys([language, "en", "ar", "fr"])
        said = [KeyTextTransform(code, "sort_names") for code in codes]
        name = models.Func(*said, function="COALESCE", output_field=models.TextField())
        yield migrations.AddIndex(model, models.Index(name, "id", name=f"{of}_by_name_{language}"))


class Migration(migrations.Migration):
    dependencies = [("members", "0021_calendar_feeds")]

    operations = [
        migrations.RunSQL(FUNCTION, DROP),
        migrations.AddField("institution", "sort_names", sort_names("names")),
        migrations.AddField("application", "sort_names", sort_names("institution_names")),
        *by_name("institution", "institution"),
        *by_name("application", "application"),
        migrations.AddIndex(
            "application", models.Index(fields=["state_since", "id"], name="application_waiting")
        ),
        migrations.AddIndex(
            "user",
            models.Index(
                condition=models.Q(is_active=False), fields=["id"], name="person_inactive"
            ),
        ),
        migrations.AddIndex(
            "mandate",
            models.Index(
                condition=models.Q(suspended_at__isnull=False),
                fields=["id"],
                name="mandate_suspended",
            ),
        ),
        migrations.AddIndex(
            "institution", models.Index(fields=["country", "id"], name="institution_of_country")
        ),
        migrations.AddIndex(
            "institution",
            django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="institution_search", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddField("membership", "joined_on", models.DateField(blank=True, null=True)),
        migrations.RunSQL(JOINED, migrations.RunSQL.noop),
        migrations.AddIndex(
            "membership",
            models.Index(
                fields=["membership_class", "joined_on"],
                condition=models.Q(state="active", until=None),
                name="membership_joined",
            ),
        ),
    ]
