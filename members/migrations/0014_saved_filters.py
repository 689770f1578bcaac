import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.models.functions import Left

from members.countries import library_name
from records.folding import fold

LISTINGS = [("people", "People and mandates"), ("applications", "Membership applications")]


def trigrams(fields, name):
    return GinIndex(fields=fields, name=name, opclasses=["gin_trgm_ops"] * len(fields))


def fill(apps, schema_editor):
    """What `Application.searchable()` says, with what the network settled about countries."""
    settled = dict(apps.get_model("members", "CountryName").objects.values_list("code", "names"))
    languages = [code for code, _name in settings.LANGUAGES]
    for application in apps.get_model("members", "Application").objects.iterator():
        words = [*application.institution_names.values(), application.acronym]
        if code := application.country.code:
            words += [library_name(code, language).text for language in languages]
            words += settled.get(code, {}).values()
        application.search_text = fold(" ".join(words))
        application.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    dependencies = [("members", "0013_person_profiles")]

    operations = [
        TrigramExtension(),
        migrations.AddField(
            "application", "search_text", models.TextField(blank=True, editable=False, default="")
        ),
        migrations.AlterField(
            "application", "search_text", models.TextField(blank=True, editable=False)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("listing", models.CharField(choices=LISTINGS, max_length=20)),
                ("name", models.CharField(max_length=80)),
                ("query", models.CharField(blank=True, max_length=1000)),
                ("is_shared", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "savedfilter",
            models.UniqueConstraint(
                fields=("owner", "listing", "name"), name="saved_filter_named_once"
            ),
        ),
        migrations.AddIndex(
            "application",
            models.Index(fields=["state", "state_since", "id"], name="application_in_state"),
        ),
        migrations.AddIndex(
            "application", models.Index(fields=["submitted_at", "id"], name="application_submitted")
        ),
        migrations.AddIndex("application", trigrams(["search_text"], "application_search")),
        migrations.AddIndex(
            "mandate", models.Index(fields=["starts_at", "id"], name="mandate_by_start")
        ),
        migrations.AddIndex(
            "user", models.Index(Left("search_text", 200), models.F("id"), name="person_by_name")
        ),
        migrations.AddIndex(
            "user",
            models.Index(
                models.OrderBy(models.F("last_login"), descending=True, nulls_last=True),
                models.F("id"),
                name="person_by_last_login",
            ),
        ),
        migrations.AddIndex("user", trigrams(["search_text", "email"], "person_search")),
    ]
