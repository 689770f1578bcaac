from django.db import migrations

# Places and requests of institutions whose membership has ended already: from now on both end with
# it.
END_PLACES = """
UPDATE members_groupmember AS place
SET until = greatest(coalesce(place.since, '-infinity'), coalesce(standing.since::timestamp AT TIME ZONE 'UTC', now()))
FROM members_membership AS standing
WHERE standing.institution_id = place.institution_id
  AND standing.until IS NULL AND standing.state = 'withdrawn' AND place.until IS NULL
"""
END_REQUESTS = """
UPDATE members_joinrequest AS request
SET state = 'withdrawn', answered_at = now()
FROM members_membership AS standing
WHERE standing.institution_id = request.institution_id
  AND standing.until IS NULL AND standing.state = 'withdrawn' AND request.state = 'pending'
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0023_languages_of_network")]

    operations = [
        migrations.RunSQL(END_PLACES, migrations.RunSQL.noop),
        migrations.RunSQL(END_REQUESTS, migrations.RunSQL.noop),
    ]
