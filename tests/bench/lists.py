"""Long lists: `python -m tests.bench.lists INSTITUTIONS PEOPLE APPLICATIONS` writes so many, and
prints the session of somebody of the secretariat as JSON.
"""

import json
import os
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import django

AT_ONCE = 2_000
FIELDS = 12  # of work, of which each institution has two
LISTS = {  # what is opened, by the figure's key; strangers open the directory
    "directory": "/en/members/?q=",
    "directory_found": "/en/members/?q=institute&order=name&page=2",
    "directory_joined": "/en/members/?membership_class=full&order=joined",
    "people": "/en/people/",
    "people_by_institution": "/en/people/?order=institution",
    "people_found": "/en/people/?q=person&state=running&order=institution",
    "queue": "/en/applications/",
    "queue_by_country": "/en/applications/?order=country",
    "queue_found": "/en/applications/?q=applicant&tab=closed&order=name",
}


def fill(institutions: int, people: int, applications: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client, override_settings
    from django.utils import timezone

    from members.countries import codes_in_order
    from members.enums import ApplicationState, MembershipClass, MembershipState
    from members.models import Application, Field, Institution, Membership, User
    from tests.factories import Cast

    chance = random.Random(1)  # noqa: S311  the same in every run
    countries = codes_in_order()[:: len(codes_in_order()) // 60]
    now = timezone.now()
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        cast = Cast()

    def institution(number: int) -> Institution:
        made = Institution(
            names={"en": f"Institute {number}", "ar": f"معهد {number}", "fr": f"Institut {number}"},
            acronym=f"I{number}",
            country=chance.choice(countries),
        )
        made.search_text = made.searchable()
        return made

    def membership(of: Institution) -> Membership:
        since = date(1990, 1, 1) + timedelta(days=chance.randrange(12_000))
        return Membership(
            institution=of,
            membership_class=chance.choices(MembershipClass.values, [90, 5, 5])[0],
            state=MembershipState.ACTIVE,
            since=since,
            joined_on=since,
        )

    def application(number: int) -> Application:
        days = timedelta(days=chance.randrange(1, 2_000))
        made = Application(
            contact=cast.amal,
            state=chance.choice([ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN]),
            submitted_at=now - days,
            institution_names={"en": f"Applicant {number}"},
            country=chance.choice(countries),
        )
        made.search_text = made.searchable()
        return made

    keys = _saved(Institution, map(institution, range(institutions)))
    _saved(Membership, map(membership, Institution.objects.filter(pk__in=keys)))
    fields = _saved(Field, (Field(names={"en": f"Field {n}"}, position=n) for n in range(FIELDS)))
    works = Institution.fields_of_work.through
    _saved(
        works,
        (
            works(institution_id=key, field_id=field)
            for key in keys
            for field in chance.sample(fields, 2)
        ),
    )
    _saved(Application, map(application, range(applications)))
    with connection.cursor() as cursor:
        person, name = cast.bilal, "'person ' || n"
        said = {"email": f"{name} || '@bench.example'", "name_latin": name, "search_text": name}
        copied(cursor, person, people, **said)
        first = User.objects.get(email="person 1@bench.example").pk
        place = f"({sorted(keys)}::bigint[])[1 + n %% {len(keys)}]".replace("(", "(ARRAY", 1)
        copied(
            cursor,
            cast.bilal_mandate,
            people,
            user_id=f"{first - 1} + n",
            institution_id=place,
            starts_at="s.starts_at - make_interval(days => n %% 2000)",
        )
        cursor.execute("VACUUM ANALYZE")
    client = Client()
    client.force_login(cast.dina)
    return {"session": client.session.session_key}


def copied(cursor: Any, row: Any, number: int, **changed: str) -> None:
    """So many copies of a row that the portal wrote, whatever columns it has; `n` counts them."""
    table = row._meta.db_table
    changed["id"] = f"(SELECT max(id) FROM {table}) + n"  # noqa: S608
    columns = [field.column for field in row._meta.concrete_fields]
    taken = ", ".join(changed.get(column, f's."{column}"') for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {taken}"  # noqa: S608
        f" FROM {table} s, generate_series(1, %s) n WHERE s.id = %s",
        [number, row.pk],
    )
    cursor.execute(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
    )


def _saved(model: Any, rows: Iterator[Any]) -> list[int]:
    return [row.pk for row in model.objects.bulk_create(rows, batch_size=AT_ONCE)]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    json.dump(fill(*map(int, sys.argv[1:])), sys.stdout)
